using System.Diagnostics.CodeAnalysis;

namespace OrleansCache.Core.Prompts;

/// <summary>Where an answer came from; the value of <c>x-cache</c>.</summary>
public enum CacheSource : byte
{
    /// <summary>This caller's flight asked the upstream.</summary>
    Miss,

    /// <summary>From memory or store.</summary>
    Hit,

    /// <summary>Joined a flight that another caller had started.</summary>
    Coalesced,

    /// <summary>The cache was left out, as the caller or a rule wished.</summary>
    Bypass,

    /// <summary>From the cache, past its freshness.</summary>
    Stale,
}

/// <summary>
/// What an owner answers: exactly one of <see cref="Completion"/> (whole), <see cref="Parts"/> (live) and <see cref="Refusal"/>.
/// </summary>
public sealed record PromptAnswer
{
    /// <summary>Where it came from.</summary>
    public required CacheSource Source { get; init; }

    /// <summary>The whole answer.</summary>
    public Completion? Completion { get; init; }

    /// <summary>
    /// The answer as it arrives, for a caller who asked for a stream: all parts since the start of the flight, then the rest live.
    /// Ends normally when the stream ended as it should; throws <see cref="Upstream.UpstreamException"/> when it broke off.
    /// </summary>
    public IAsyncEnumerable<StreamPart>? Parts { get; init; }

    /// <summary>Why there is no answer.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>Time spent reading the store; zero when it was not asked.</summary>
    public TimeSpan StoreTime { get; init; }

    /// <summary>Time spent at the upstream until this answer was handed out; zero for hits.</summary>
    public TimeSpan UpstreamTime { get; init; }

    /// <summary>Whether the store could not be read or written: the answer is right, but may not be kept.</summary>
    public bool StoreDegraded { get; init; }

    /// <summary>Whether a whole answer is in the cache: it has an age and a time to live. False for what the gate did not let in.</summary>
    public bool IsKept { get; init; }

    /// <summary>Whether there is an answer, whole or live.</summary>
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsAnswered => Refusal is null;
}

/// <summary>One event of a streamed answer.</summary>
/// <param name="Data">The event's data: one JSON document, without <c>data:</c> and line ends. Never written to.</param>
/// <param name="UsageOnly">Whether it is the closing usage chunk, which callers see only if they asked for it.</param>
public readonly record struct StreamPart(ReadOnlyMemory<byte> Data, bool UsageOnly);
