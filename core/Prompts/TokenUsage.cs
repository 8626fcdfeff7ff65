namespace OrleansCache.Core.Prompts;

/// <summary>Tokens that the upstream reported for one answer; zero where it reported none.</summary>
/// <param name="PromptTokens">Tokens of the request.</param>
/// <param name="CompletionTokens">Tokens of the answer; zero for embeddings.</param>
public readonly record struct TokenUsage(int PromptTokens, int CompletionTokens)
{
    /// <summary>Both together.</summary>
    public long Total => (long)PromptTokens + CompletionTokens;
}
