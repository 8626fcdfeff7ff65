using Microsoft.Extensions.Options;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Storage;
using OrleansCache.Gateway.Admin.Entries;
using OrleansCache.Gateway.Admin.Requests;

namespace OrleansCache.Gateway.Admin.Explain;

/// <summary>What would become of a request, if it were sent now.</summary>
/// <param name="Cache">The value that <c>x-cache</c> would have.</param>
/// <param name="FoundIn"><c>memory</c>, <c>store</c> or null.</param>
/// <param name="AgeSeconds">Since the entry was stored.</param>
/// <param name="TtlSeconds">Until it is no longer fresh; negative when that has passed.</param>
/// <param name="Miss">Why it is no hit.</param>
internal sealed record Found(string Cache, string? FoundIn, double? AgeSeconds, double? TtlSeconds, MissReason? Miss);

/// <summary>Why a request would not be a hit.</summary>
/// <param name="Reason"><c>never_seen</c>, <c>expired</c>, <c>purged</c>, <c>bypassed</c> or <c>store_unavailable</c>.</param>
/// <param name="Message">The same in words.</param>
/// <param name="At">When it expired or was purged.</param>
internal sealed record MissReason(string Reason, string Message, string? At = null);

/// <summary>Looks for the entry of a request without touching it more than a look at memory does.</summary>
internal sealed class LookUp(
    IPromptOwners owners, AdminStore store, PurgeLog purges, IOptions<CacheOptions> cache, TimeProvider clock)
{
    private readonly Freshness _freshness = new(cache.Value);

    public async Task<Found> FindAsync(PromptRequest request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (_freshness.Bypasses(request.Endpoint, request.Head))
            return Missed(new MissReason("bypassed", "The rules of this model leave the cache out (Cache:MaxTemperature, Cache:Models).")) with { Cache = "BYPASS" };
        if (owners.TryGetFresh(request.Key, CacheDirectives.None, now) is { } held) return Hit(held, "memory", now);
        try
        {
            var stored = await store.AskAsync((store, token) => store.GetAsync(request.Key, token).AsTask(), cancellationToken);
            return stored is null ? Missed(WhyAbsent(request)) : Judge(stored, now);
        }
        catch (StoreException e)
        {
            return Missed(new MissReason("store_unavailable", $"It is not in memory, and the store cannot tell: {e.Message}"));
        }
    }

    private Found Judge(Completion stored, long now)
    {
        if (Freshness.IsFresh(stored, CacheDirectives.None, now)) return Hit(stored, "store", now);
        var expired = new MissReason("expired", "There is an entry, but it is no longer fresh.", AdminJson.Time(stored.FreshUntil));
        var serves = _freshness.MayServeWhileRevalidating(stored, CacheDirectives.None, now);
        return Hit(stored, "store", now) with { Cache = serves ? "STALE" : "MISS", Miss = expired };
    }

    private MissReason WhyAbsent(PromptRequest request) =>
        purges.LastOf(request) is { } at
            ? new MissReason("purged", "There is no entry, and a purge since this process started named it.", AdminJson.Time(at))
            : new MissReason("never_seen", "There is no entry: it was never stored, or it expired and was swept, or another process purged it.");

    private static Found Hit(Completion completion, string where, long now) => new(
        "HIT", where, (now - completion.CreatedAt) / 1000.0, (completion.FreshUntil - now) / 1000.0, null);

    private static Found Missed(MissReason why) => new("MISS", null, null, null, why);
}
