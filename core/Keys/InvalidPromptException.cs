namespace OrleansCache.Core.Keys;

/// <summary>A request's body that cannot be a prompt. The message says what to change and never quotes the body's text.</summary>
/// <param name="message">What is wrong and what to change.</param>
/// <param name="code">OpenAI's <c>error.code</c>, for example <c>invalid_type</c>.</param>
/// <param name="param">The field at fault as a path (<c>messages[2].content</c>), or null.</param>
/// <param name="status">HTTP status, 400 unless told.</param>
public sealed class InvalidPromptException(string message, string code, string? param = null, int status = 400)
    : OrleansCacheException(message)
{
    /// <summary>OpenAI's <c>error.code</c>.</summary>
    public string Code { get; } = code;

    /// <summary>The field at fault, or null.</summary>
    public string? Param { get; } = param;

    /// <summary>HTTP status to answer with.</summary>
    public int Status { get; } = status;

    /// <inheritdoc/>
    public override bool IsTransient => false;
}
