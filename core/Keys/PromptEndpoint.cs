namespace OrleansCache.Core.Keys;

/// <summary>The OpenAI endpoint that a prompt is for. The numbers are stored and hashed: they never change.</summary>
public enum PromptEndpoint : byte
{
    /// <summary><c>POST /v1/chat/completions</c></summary>
    ChatCompletions = 1,

    /// <summary><c>POST /v1/completions</c></summary>
    Completions = 2,

    /// <summary><c>POST /v1/embeddings</c></summary>
    Embeddings = 3,
}
