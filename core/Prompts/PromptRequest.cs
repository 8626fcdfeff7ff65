using OrleansCache.Core.Keys;

namespace OrleansCache.Core.Prompts;

/// <summary>What the gateway asks an owner.</summary>
public sealed record PromptRequest
{
    /// <summary>Which prompt.</summary>
    public required PromptKey Key { get; init; }

    /// <summary>The boundary inside which the answer is shared; already part of the key.</summary>
    public required string Scope { get; init; }

    /// <summary>The endpoint.</summary>
    public required PromptEndpoint Endpoint { get; init; }

    /// <summary>Model, form and temperature as read from the body.</summary>
    public required PromptHead Head { get; init; }

    /// <summary>The body as the caller sent it. Valid only until the ask returns: an owner that needs it longer copies it.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>What the caller asked of the cache.</summary>
    public CacheDirectives Directives { get; init; } = CacheDirectives.None;

    /// <summary>Labels to store with the answer.</summary>
    public string[] Tags { get; init; } = [];
}
