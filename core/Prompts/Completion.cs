using OrleansCache.Core.Keys;

namespace OrleansCache.Core.Prompts;

/// <summary>
/// The stored answer of a prompt: immutable, complete, in one canonical form, which is the JSON body of the plain
/// (not streamed) answer. Exactly the upstream's bytes when the upstream answered in JSON, the fold of its chunks when it streamed.
/// </summary>
public sealed class Completion
{
    /// <summary>The canonical JSON. Never written to after construction.</summary>
    public required byte[] Body { get; init; }

    /// <summary>The boundary inside which the answer may be shared. Interned: many completions share one string.</summary>
    public required string Scope { get; init; }

    /// <summary>The model that was asked for (not the snapshot that answered). Interned.</summary>
    public required string Model { get; init; }

    /// <summary>The endpoint that answered.</summary>
    public required PromptEndpoint Endpoint { get; init; }

    /// <summary>Labels that purge can name. Empty for most.</summary>
    public string[] Tags { get; init; } = [];

    /// <summary>When the upstream finished, in milliseconds since the Unix epoch.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>Until when it is served without question, in milliseconds since the Unix epoch.</summary>
    public required long FreshUntil { get; init; }

    /// <summary>Until when it is kept at all (stale answers included), in milliseconds since the Unix epoch. Never before <see cref="FreshUntil"/>.</summary>
    public required long KeepUntil { get; init; }

    /// <summary>Tokens that a hit saves.</summary>
    public required TokenUsage Usage { get; init; }

    /// <summary>Upstream time that a hit saves, in milliseconds.</summary>
    public required int UpstreamMilliseconds { get; init; }
}

/// <summary>A completion as the store keeps it: with its key and, unless switched off, the request that it answers.</summary>
/// <param name="Key">The prompt key.</param>
/// <param name="Completion">The answer.</param>
/// <param name="Request">The request's body as the caller sent it; empty when requests are not kept.</param>
public sealed record StoredCompletion(PromptKey Key, Completion Completion, ReadOnlyMemory<byte> Request);
