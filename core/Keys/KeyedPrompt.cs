namespace OrleansCache.Core.Keys;

/// <summary>What the walk needs to know of a request's body besides its key.</summary>
/// <param name="Model">The <c>model</c> field, never empty.</param>
/// <param name="Stream">Whether the caller asked for SSE.</param>
/// <param name="IncludeUsage">Whether the caller asked for the usage chunk (<c>stream_options.include_usage</c>).</param>
/// <param name="Temperature">The <c>temperature</c> field; null when absent or JSON null.</param>
public sealed record PromptHead(string Model, bool Stream, bool IncludeUsage, double? Temperature);

/// <summary>A request's body after the key step.</summary>
public sealed record KeyedPrompt(PromptKey Key, PromptHead Head);
