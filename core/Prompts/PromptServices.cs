using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansCache.Core.Storage;
using OrleansCache.Core.Upstream;

namespace OrleansCache.Core.Prompts;

/// <summary>What every owner of a process shares.</summary>
public sealed class PromptServices(
    IUpstream upstream,
    IGuardedStore store,
    IOptions<CacheOptions> options,
    TimeProvider clock,
    PromptMetrics metrics,
    ILogger<PromptServices>? logger = null)
{
    private readonly Lock[] _gates = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];
    private long _purges;
    private int _flights;

    internal IUpstream Upstream => upstream;

    internal IGuardedStore Store => store;

    internal CacheOptions Options => options.Value;

    internal Freshness Freshness { get; } = new(options.Value);

    internal TimeProvider Clock => clock;

    internal PromptMetrics Metrics => metrics;

    internal ILogger Logger { get; } = logger ?? NullLogger<PromptServices>.Instance;

    internal StringPool Strings { get; } = new(capacity: 16_384);

    /// <summary>Purges since the start: a load that spans one may have read what is purged by now.</summary>
    internal long Purges => Interlocked.Read(ref _purges);

    internal long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Upstream calls in progress, private ones included.</summary>
    internal int Flights => Volatile.Read(ref _flights);

    internal void CountFlight(int change) => Interlocked.Add(ref _flights, change);

    internal void CountPurge() => Interlocked.Increment(ref _purges);

    /// <summary>Owners share a few locks, so that an idle owner costs no lock of its own. Never two are held at once.</summary>
    internal Lock GateOf(in Keys.PromptKey key) => _gates[(int)(key.Prefix & 63)];
}
