namespace OrleansCache.Core.Prompts;

/// <summary>An answer that is no completion: the upstream's own, byte for byte, or an error of ours in OpenAI's shape. Never stored.</summary>
/// <param name="Status">HTTP status as the upstream gave it; 400 to 599 for ours.</param>
/// <param name="Body">What to send.</param>
/// <param name="ContentType">Its media type, <c>application/json</c> for ours.</param>
/// <param name="Headers">Headers to hand on, such as <c>retry-after</c>.</param>
public sealed record Refusal(
    int Status,
    ReadOnlyMemory<byte> Body,
    string ContentType,
    IReadOnlyList<KeyValuePair<string, string>> Headers);
