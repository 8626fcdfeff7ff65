using System.Text.Encodings.Web;
using System.Text.Json;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Core.Upstream;

/// <summary>Reading and writing of JSON in this step.</summary>
internal static class UpstreamJson
{
    public const int MaxDepth = 1024;

    public const string ContentType = "application/json";

    public static JsonWriterOptions Writer { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true, MaxDepth = MaxDepth };

    public static JsonDocument? TryParse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The endpoint's path below the base URL.</summary>
    public static string PathOf(PromptEndpoint endpoint) => endpoint switch
    {
        PromptEndpoint.ChatCompletions => "chat/completions",
        PromptEndpoint.Completions => "completions",
        PromptEndpoint.Embeddings => "embeddings",
        _ => throw new ArgumentOutOfRangeException(nameof(endpoint), endpoint, "No such endpoint."),
    };

    public static UpstreamAnswer Error(
        int status, string message, string type, string? code, string? param = null, IReadOnlyList<KeyValuePair<string, string>>? headers = null) =>
        new(status, OpenAiError.Write(message, type, code, param), ContentType, headers);

    public static byte[] Render(Action<Utf8JsonWriter> write)
    {
        using var buffer = new PooledWriter(1024);
        using var json = new Utf8JsonWriter(buffer, Writer);
        write(json);
        json.Flush();
        return buffer.Written.ToArray();
    }
}
