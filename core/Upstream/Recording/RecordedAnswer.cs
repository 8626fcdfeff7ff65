using System.Text;
using System.Text.Json;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Upstream.OpenAi;

namespace OrleansCache.Core.Upstream.Recording;

/// <summary>
/// One line of a recording: a request in canonical form and its full answer. JSON lines, so that a recording can be read, cut and written
/// by hand; no header of the request is in it, so no key is.
/// </summary>
internal sealed record RecordedAnswer
{
    private const int Version = 1;

    public required string Identity { get; init; }

    public required int Status { get; init; }

    public required string ContentType { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>The whole body; null when the answer streamed.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    public IReadOnlyList<RecordedEvent> Events { get; init; } = [];

    public bool Done { get; init; }

    /// <summary>Writes a line, its end included.</summary>
    public static byte[] Write(PromptEndpoint endpoint, JsonElement request, UpstreamAnswer answer, IReadOnlyList<RecordedEvent> events) =>
        [.. UpstreamJson.Render(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("v", Version);
            json.WriteString("endpoint", UpstreamJson.PathOf(endpoint));
            json.WritePropertyName("request");
            RequestIdentity.WriteBody(json, request);
            json.WriteNumber("status", answer.Status);
            json.WriteString("content_type", answer.ContentType);
            json.WriteStartObject("headers");
            foreach (var (name, value) in answer.Headers) json.WriteString(name, value);
            json.WriteEndObject();
            if (answer.Events is null) WriteBytes(json, "body", answer.Body.Span);
            else WriteEvents(json, events, answer.SawDone());
            json.WriteEndObject();
        }), (byte)'\n'];

    /// <summary>Reads a line.</summary>
    /// <exception cref="FormatException">It is not a line of a recording.</exception>
    public static RecordedAnswer Read(ReadOnlyMemory<byte> line)
    {
        using var document = UpstreamJson.TryParse(line) ?? throw new FormatException("not JSON");
        var root = document.RootElement;
        try
        {
            if (root.GetProperty("v").GetInt32() != Version) throw new FormatException("of another version");
            return new RecordedAnswer
            {
                Identity = RequestIdentity.Compute(root.GetProperty("endpoint").GetString()!, root.GetProperty("request")),
                Status = root.GetProperty("status").GetInt32(),
                ContentType = root.GetProperty("content_type").GetString() ?? "",
                Headers = AnswerHeaders.Select(root.GetProperty("headers").EnumerateObject().Select(h => KeyValuePair.Create(h.Name, h.Value.ToString()))),
                Body = ReadBytes(root, "body"),
                Events = root.TryGetProperty("events", out var events) ? [.. events.EnumerateArray().Select(ReadEvent)] : [],
                Done = root.TryGetProperty("done", out var done) && done.GetBoolean(),
            };
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException("a member is missing or of the wrong type", e);
        }
    }

    private static void WriteEvents(Utf8JsonWriter json, IReadOnlyList<RecordedEvent> events, bool done)
    {
        json.WriteStartArray("events");
        foreach (var item in events)
        {
            json.WriteStartObject();
            json.WriteNumber("ms", Math.Round(item.Delay.TotalMilliseconds, 3));
            WriteBytes(json, "data", item.Data.Span);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteBoolean("done", done);
    }

    private static RecordedEvent ReadEvent(JsonElement item) =>
        new(TimeSpan.FromMilliseconds(item.GetProperty("ms").GetDouble()), ReadBytes(item, "data") ?? throw new KeyNotFoundException("data"));

    // Text where it is text, so that it can be read; base64 where a string would not give the same bytes back.
    private static void WriteBytes(Utf8JsonWriter json, string name, ReadOnlySpan<byte> bytes)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes)) json.WriteString(name, bytes);
        else json.WriteBase64String(name + "_base64", bytes);
    }

    private static ReadOnlyMemory<byte>? ReadBytes(JsonElement owner, string name)
    {
        if (owner.TryGetProperty(name, out var text)) return Encoding.UTF8.GetBytes(text.GetString() ?? "");
        if (owner.TryGetProperty(name + "_base64", out var base64)) return base64.GetBytesFromBase64();
        return null;
    }
}

/// <summary>One event and how long after the one before (the first: after the call) it came.</summary>
internal readonly record struct RecordedEvent(TimeSpan Delay, ReadOnlyMemory<byte> Data);
