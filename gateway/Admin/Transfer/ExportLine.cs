using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using OrleansCache.Core.Prompts;
using OrleansCache.Gateway.Admin.Requests;
using OrleansCache.Gateway.Requests;

namespace OrleansCache.Gateway.Admin.Transfer;

/// <summary>One line of an export: an entry that <c>/admin/warm</c> takes back.</summary>
internal static class ExportLine
{
    private static readonly JsonWriterOptions WriterOptions =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static void Write(IBufferWriter<byte> output, StoredCompletion entry)
    {
        var completion = entry.Completion;
        var tabs = LineBreaks.NeedTabs(entry.Request.Span) || LineBreaks.NeedTabs(completion.Body);
        using (var json = new Utf8JsonWriter(output, WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("key", entry.Key.ToString());
            json.WriteString("endpoint", EndpointNames.Path(completion.Endpoint));
            json.WriteString("scope", completion.Scope);
            json.WriteString("model", completion.Model);
            json.WriteStartArray("tags");
            foreach (var tag in completion.Tags) json.WriteStringValue(tag);
            json.WriteEndArray();
            json.WriteString("created", AdminJson.Time(completion.CreatedAt));
            json.WriteString("fresh_until", AdminJson.Time(completion.FreshUntil));
            json.WriteStartObject("usage");
            json.WriteNumber("prompt_tokens", completion.Usage.PromptTokens);
            json.WriteNumber("completion_tokens", completion.Usage.CompletionTokens);
            json.WriteEndObject();
            if (tabs) json.WriteString("line_breaks", LineBreaks.Tabs);
            Write(json, "request", entry.Request.Span, tabs);
            Write(json, "response", completion.Body, tabs);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private static void Write(Utf8JsonWriter json, string name, ReadOnlySpan<byte> body, bool tabs)
    {
        json.WritePropertyName(name);
        if (body.IsEmpty) json.WriteNullValue();
        else json.WriteRawValue(tabs ? LineBreaks.ToTabs(body) : body, skipInputValidation: true);
    }
}
