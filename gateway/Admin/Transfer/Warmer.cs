using System.Text.Json;
using Microsoft.Extensions.Logging;
using OrleansCache.Core;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Storage;
using OrleansCache.Gateway.Admin.Access;

namespace OrleansCache.Gateway.Admin.Transfer;

/// <summary>Brings one line into the cache: stores its response, or asks the owner when it has none.</summary>
internal sealed class Warmer(IPromptOwners owners, AdminStore store, PromptReader reader, TimeProvider clock, ILogger<Warmer> logger)
{
    /// <param name="line">A line.</param>
    /// <param name="overwrite">Whether a response replaces an entry that is fresh.</param>
    /// <param name="tally">Counts what becomes of it.</param>
    /// <param name="cancellationToken">The uploader has left.</param>
    public async ValueTask WarmAsync(UploadLine line, bool overwrite, WarmTally tally, CancellationToken cancellationToken)
    {
        try
        {
            if (line.Bytes is null) tally.Fail(line.Number, "The line is longer than Admin:MaxLineBytes allows.");
            else tally.Count(await WarmAsync(WarmLine.Parse(line.Bytes, reader), overwrite, cancellationToken));
        }
        catch (AdminException e)
        {
            tally.Fail(line.Number, MessageOf(e.Refusal) ?? "The line cannot be used.");
        }
        catch (InvalidPromptException e)
        {
            tally.Fail(line.Number, e.Param is null ? $"request: {e.Message}" : $"request, {e.Param}: {e.Message}");
        }
        catch (OrleansCacheException e)
        {
            tally.Fail(line.Number, e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // One line must not end the upload; its exception's own text could quote it.
            AdminLog.Failed(logger, e.GetType().Name, e.StackTrace);
            tally.Fail(line.Number, "The server had an error with this line.");
        }
    }

    private async ValueTask<WarmOutcome> WarmAsync(WarmLine line, bool overwrite, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (line.FreshUntil <= now) return WarmOutcome.Expired;
        var request = line.FreshUntil is { } until ? line.Request with { Directives = new CacheDirectives { Ttl = until - now } } : line.Request;
        if (line.Response is null) return await AskAsync(request, cancellationToken);
        if (!overwrite && await IsFreshAsync(request.Key, now.ToUnixTimeMilliseconds(), cancellationToken)) return WarmOutcome.Already;
        var refused = await owners.PutAsync(request, line.Response, cancellationToken);
        return refused is null ? WarmOutcome.Stored : throw AdminException.BadRequest($"response was not stored: {refused}", "not_stored");
    }

    private async ValueTask<bool> IsFreshAsync(PromptKey key, long now, CancellationToken cancellationToken)
    {
        if (owners.TryGetFresh(key, CacheDirectives.None, now) is not null) return true;
        try
        {
            var stored = await store.AskAsync((store, token) => store.GetAsync(key, token).AsTask(), cancellationToken);
            return stored is not null && Freshness.IsFresh(stored, CacheDirectives.None, now);
        }
        catch (StoreException)
        {
            // The owner knows what to do with a store that is down.
            return false;
        }
    }

    private async ValueTask<WarmOutcome> AskAsync(PromptRequest request, CancellationToken cancellationToken)
    {
        var answer = await owners.AskAsync(request, cancellationToken);
        if (!answer.IsAnswered) throw AdminException.BadRequest($"refused with status {answer.Refusal.Status}{CodeOf(answer.Refusal)}", "refused");
        if (answer.Parts is { } parts)
        {
            await foreach (var part in parts.WithCancellation(cancellationToken)) _ = part;
        }

        return answer.Source switch
        {
            CacheSource.Hit or CacheSource.Stale => WarmOutcome.Hit,
            CacheSource.Bypass => throw AdminException.BadRequest(
                "answered but not stored: the rules of its model leave the cache out (Cache:MaxTemperature, Cache:Models)", "bypassed"),
            _ => WarmOutcome.Asked,
        };
    }

    private static string? MessageOf(Refusal refusal) => ErrorField(refusal, "message");

    /// <summary>The upstream's code, when it looks like one: its message could quote the prompt.</summary>
    private static string CodeOf(Refusal refusal) =>
        ErrorField(refusal, "code") is { Length: > 0 and <= 64 } code && code.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')
            ? $" ({code})"
            : "";

    private static string? ErrorField(Refusal refusal, string name)
    {
        try
        {
            using var json = JsonDocument.Parse(refusal.Body);
            return json.RootElement.GetProperty("error").GetProperty(name).GetString();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }
}
