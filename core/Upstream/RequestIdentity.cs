using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrleansCache.Core.Upstream;

/// <summary>
/// What makes two requests ask the same of a provider, whichever form they want the answer in: endpoint and JSON, members in order of
/// name, without <c>stream</c> and <c>stream_options</c>. For recordings and the simulation; the prompt key has rules of its own.
/// </summary>
internal static class RequestIdentity
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = UpstreamJson.MaxDepth,
        SkipValidation = true,
    };

    /// <summary>Lower-case hexadecimal SHA-256.</summary>
    public static string Compute(string path, JsonElement body) => Convert.ToHexStringLower(Hash(path, body, out _));

    /// <summary>SHA-256, and how many bytes it was made of.</summary>
    public static byte[] Hash(string path, JsonElement body, out int length)
    {
        using var buffer = new PooledWriter(1024);
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStringValue(path);
        WriteBody(json, body);
        json.Flush();
        length = buffer.Written.Length;
        return SHA256.HashData(buffer.Written);
    }

    /// <summary>The canonical body.</summary>
    public static void WriteBody(Utf8JsonWriter json, JsonElement body) => Write(json, body, top: true);

    private static void Write(Utf8JsonWriter json, JsonElement value, bool top)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(json, value, top);
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray()) Write(json, item, top: false);
                json.WriteEndArray();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter json, JsonElement value, bool top)
    {
        var members = ArrayPool<JsonProperty>.Shared.Rent(Math.Max(1, value.GetPropertyCount()));
        var names = ArrayPool<string>.Shared.Rent(members.Length);
        var count = 0;
        foreach (var member in value.EnumerateObject())
        {
            (names[count], members[count]) = (member.Name, member);
            count++;
        }

        Array.Sort(names, members, 0, count, StringComparer.Ordinal);
        json.WriteStartObject();
        for (var i = 0; i < count; i++)
        {
            if (top && names[i] is ("stream" or "stream_options")) continue;
            json.WritePropertyName(names[i]);
            Write(json, members[i].Value, top: false);
        }

        json.WriteEndObject();
        ArrayPool<string>.Shared.Return(names, clearArray: true);
        ArrayPool<JsonProperty>.Shared.Return(members, clearArray: true);
    }
}
