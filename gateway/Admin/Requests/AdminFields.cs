using System.Runtime.InteropServices;
using System.Text.Json;
using OrleansCache.Gateway.Admin.Access;

namespace OrleansCache.Gateway.Admin.Requests;

/// <summary>The fields of a JSON object, read strictly: what is not known, comes twice or has another type is refused by name.</summary>
internal sealed class AdminFields : IDisposable
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 600, AllowDuplicateProperties = false };

    private readonly ReadOnlyMemory<byte> _json;
    private readonly JsonDocument _document;

    private AdminFields(ReadOnlyMemory<byte> json, JsonDocument document)
    {
        _json = json;
        _document = document;
    }

    public static AdminFields Parse(ReadOnlyMemory<byte> json, params ReadOnlySpan<string> known)
    {
        var document = Parse(json);
        try
        {
            Check(document.RootElement, known);
            return new AdminFields(json, document);
        }
        catch
        {
            document.Dispose();
            throw;
        }
    }

    public void Dispose() => _document.Dispose();

    /// <summary>Null when absent or JSON null.</summary>
    public string? Text(string name, int maxLength = 256)
    {
        if (Find(name, JsonValueKind.String, "a string") is not { } value) return null;
        string text;
        try
        {
            text = value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Wrong(name, "valid Unicode");
        }

        return text.Length > 0 && text.Length <= maxLength && !text.Any(char.IsControl)
            ? text
            : throw Wrong(name, $"1 to {maxLength} characters, none of them a control character");
    }

    public bool Flag(string name)
    {
        if (!_document.RootElement.TryGetProperty(name, out var value)) return false;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null
            ? value.ValueKind == JsonValueKind.True
            : throw Wrong(name, "true or false");
    }

    /// <summary>The bytes of an object as they stand in the JSON; null when absent or JSON null.</summary>
    /// <param name="name">The field.</param>
    /// <param name="withSpace">Whether the white space around the object belongs to it.</param>
    public byte[]? RawObject(string name, bool withSpace = false)
    {
        if (Find(name, JsonValueKind.Object, "an object") is not { } value) return null;
        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (!withSpace || !_json.Span.Overlaps(raw, out var start)) return raw.ToArray();
        var before = _json.Span[..start].TrimEnd(" \t\r\n"u8).Length;
        var after = _json.Span[(start + raw.Length)..];
        return _json.Span[before..(start + raw.Length + after.Length - after.TrimStart(" \t\r\n"u8).Length)].ToArray();
    }

    public long? Number(string name, long least, long most)
    {
        if (Find(name, JsonValueKind.Number, "a number") is not { } value) return null;
        return value.TryGetInt64(out var number) && number >= least && number <= most
            ? number
            : throw Wrong(name, $"a whole number from {least} to {most}");
    }

    public DateTimeOffset? Time(string name) =>
        Find(name, JsonValueKind.String, "a string") is not { } value ? null
        : value.TryGetDateTimeOffset(out var time) ? time
        : throw Wrong(name, "a time as ISO 8601 writes it");

    public string[] Texts(string name, int maxCount, Func<string, bool> isValid, string rule)
    {
        if (Find(name, JsonValueKind.Array, "an array") is not { } value) return [];
        var fault = $"an array of at most {maxCount} strings, each {rule}";
        if (value.GetArrayLength() > maxCount) throw Wrong(name, fault);
        return [.. value.EnumerateArray()
            .Select(item => item.ValueKind == JsonValueKind.String && item.GetString() is { } text && isValid(text) ? text : throw Wrong(name, fault))
            .Distinct(StringComparer.Ordinal)];
    }

    public static AdminException Wrong(string name, string rule) =>
        AdminException.BadRequest($"'{name}' must be {rule}.", "invalid_value", name);

    private JsonElement? Find(string name, JsonValueKind kind, string rule)
    {
        if (!_document.RootElement.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind == kind ? value : throw Wrong(name, rule);
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json, Strict);
        }
        catch (JsonException e)
        {
            // The exception's own text may quote the input.
            throw AdminException.BadRequest(
                $"This is not a valid JSON object (byte {e.BytePositionInLine} of line {e.LineNumber + 1}), or a field comes twice.", "invalid_json");
        }
    }

    private static void Check(JsonElement root, ReadOnlySpan<string> known)
    {
        if (root.ValueKind != JsonValueKind.Object) throw AdminException.BadRequest("This must be a JSON object.", "invalid_json");
        foreach (var field in root.EnumerateObject())
        {
            var isKnown = false;
            foreach (var name in known) isKnown |= field.NameEquals(name);
            if (!isKnown) throw Unknown(NameOf(field), known);
        }
    }

    private static AdminException Unknown(string name, ReadOnlySpan<string> known) =>
        AdminException.BadRequest($"'{name}' is not a field here. Known are: {string.Join(", ", known!)}.", "unknown_field", name);

    private static string NameOf(JsonProperty field)
    {
        try
        {
            return field.Name.Length <= 64 ? field.Name : string.Concat(field.Name.AsSpan(0, 64), "...");
        }
        catch (InvalidOperationException)
        {
            return "(not valid Unicode)";
        }
    }
}
