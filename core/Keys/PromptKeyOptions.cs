namespace OrleansCache.Core.Keys;

/// <summary>How prompt keys are made: section <c>OrleansCache:Cache</c>.</summary>
public sealed class PromptKeyOptions
{
    /// <summary>What is taken off a prompt's text before it is compared. Part of every key: changing it starts with an empty cache.</summary>
    /// <value>Default: <see cref="PromptNormalization.Exact"/>.</value>
    public PromptNormalization Normalization { get; set; }

    /// <summary>How many levels of objects and arrays a body may nest, the outermost included. 16 to 512.</summary>
    /// <value>Default: 64.</value>
    public int MaxJsonDepth { get; set; } = 64;

    /// <summary>How many bodies' keys are remembered, at about 200 bytes each. 0 (none) to 16,777,216.</summary>
    /// <value>Default: 65,536.</value>
    public int MemoEntries { get; set; } = 65_536;
}

/// <summary>What is taken off a prompt's text before it is compared. The numbers are hashed: they never change.</summary>
public enum PromptNormalization : byte
{
    /// <summary>Nothing.</summary>
    Exact = 0,

    /// <summary>
    /// White space at both ends of each text: the <c>content</c> of messages, the <c>text</c> of its parts, <c>prompt</c> and <c>input</c>.
    /// </summary>
    Trim = 1,
}
