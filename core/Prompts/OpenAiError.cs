using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrleansCache.Core.Prompts;

/// <summary>Errors in OpenAI's shape: <c>{"error":{"message","type","param","code"}}</c>.</summary>
public static class OpenAiError
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The JSON body of an error.</summary>
    /// <param name="message">What happened and what to change; never a secret, never a prompt's text.</param>
    /// <param name="type">For example <c>invalid_request_error</c>.</param>
    /// <param name="code">For example <c>invalid_api_key</c>, or null.</param>
    /// <param name="param">The field or header at fault, or null.</param>
    public static byte[] Write(string message, string type, string? code, string? param = null)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer, WriterOptions);
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("message", message);
        json.WriteString("type", type);
        json.WriteString("param", param);
        json.WriteString("code", code);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A refusal of ours.</summary>
    public static Refusal Refuse(int status, string message, string type, string? code, string? param = null) =>
        new(status, Write(message, type, code, param), "application/json", []);
}
