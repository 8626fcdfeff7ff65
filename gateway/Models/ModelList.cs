using System.Text.Json;
using Microsoft.Extensions.Logging;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Upstream;

namespace OrleansCache.Gateway.Models;

/// <summary>
/// The upstream's models, asked for once a minute at most and by one call at a time. A list that cannot be renewed is served on: old
/// names are better than none.
/// </summary>
internal sealed class ModelList(IUpstream upstream, TimeProvider clock, ILogger<ModelList> logger)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private Task<ModelSnapshot>? _flight;
    private ModelSnapshot? _known;
    private long _readAt;

    /// <summary>The list; or a refusal when there has never been one.</summary>
    public async ValueTask<ModelSnapshot> GetAsync(CancellationToken cancellationToken)
    {
        Task<ModelSnapshot> flight;
        lock (_gate)
        {
            if (_known is { } known && clock.GetElapsedTime(_readAt) < Fresh) return known;
            flight = _flight ??= ReadAsync();
        }

        return await flight.WaitAsync(cancellationToken);
    }

    private async Task<ModelSnapshot> ReadAsync()
    {
        // The caller holds the gate: what follows must not run under it.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var read = await AskAsync();
        lock (_gate)
        {
            _flight = null;
            if (read.Refusal is null || _known is not null) _readAt = clock.GetTimestamp();
            if (read.Refusal is null) _known = read;
            return _known ?? read;
        }
    }

    private async Task<ModelSnapshot> AskAsync()
    {
        try
        {
            // Shared by every caller who waits: none of them may cancel it. The upstream has its own deadlines.
            await using var answer = await upstream.ListModelsAsync(CancellationToken.None);
            if (answer.Status is >= 200 and < 300) return ModelSnapshot.Parse(answer.Body);
            return Fail($"The upstream answered GET /v1/models with status {answer.Status}.", 502);
        }
        catch (UpstreamException e)
        {
            return Fail(e.Message, UpstreamRefusals.Of(e).Status);
        }
        catch (JsonException)
        {
            return Fail("The upstream answered GET /v1/models with something that is no list of models.", 502);
        }
    }

    private ModelSnapshot Fail(string reason, int status)
    {
        Log.ModelsUnavailable(logger, reason);
        return new ModelSnapshot(OpenAiError.Refuse(status, reason, "upstream_error", "upstream_models_unavailable"));
    }
}
