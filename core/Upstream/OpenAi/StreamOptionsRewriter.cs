using System.Text.Json;

namespace OrleansCache.Core.Upstream.OpenAi;

/// <summary>
/// Makes a streamed request ask for the usage chunk, so that what an answer cost is always known. Every byte that is not part of
/// <c>stream_options.include_usage</c> is copied as it stands.
/// </summary>
internal static class StreamOptionsRewriter
{
    private static ReadOnlySpan<byte> Whole => "\"stream_options\":{\"include_usage\":true}"u8;

    private static ReadOnlySpan<byte> Value => "{\"include_usage\":true}"u8;

    private static ReadOnlySpan<byte> Member => "\"include_usage\":true"u8;

    /// <summary>The same memory when the body asks already, is no JSON object, or has options that only the provider can judge.</summary>
    public static ReadOnlyMemory<byte> WithUsage(ReadOnlyMemory<byte> body)
    {
        try
        {
            return Rewrite(body);
        }
        catch (JsonException)
        {
            return body;
        }
    }

    private static ReadOnlyMemory<byte> Rewrite(ReadOnlyMemory<byte> body)
    {
        var json = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = int.MaxValue });
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return body;
        Edit? edit = null;
        var members = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            members++;
            var isOptions = json.ValueTextEquals("stream_options"u8);
            json.Read();
            // Of a name that stands twice, the last counts.
            if (isOptions) edit = ReadOptions(ref json);
            else json.Skip();
        }

        var end = (int)json.TokenStartIndex;
        return Apply(body, edit ?? new Edit(end, 0, EditKind.Whole, NeedsComma: members > 0));
    }

    private static Edit ReadOptions(ref Utf8JsonReader json)
    {
        var start = (int)json.TokenStartIndex;
        if (json.TokenType == JsonTokenType.Null) return new Edit(start, 4, EditKind.Value, NeedsComma: false);
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return Edit.None;
        }

        Edit? edit = null;
        var members = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            members++;
            var isUsage = json.ValueTextEquals("include_usage"u8);
            json.Read();
            if (isUsage) edit = ReadUsage(in json);
            json.Skip();
        }

        return edit ?? new Edit((int)json.TokenStartIndex, 0, EditKind.Member, NeedsComma: members > 0);
    }

    private static Edit ReadUsage(in Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.False => new Edit((int)json.TokenStartIndex, 5, EditKind.True, NeedsComma: false),
        JsonTokenType.Null => new Edit((int)json.TokenStartIndex, 4, EditKind.True, NeedsComma: false),
        _ => Edit.None,
    };

    private static ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> body, Edit edit)
    {
        if (edit.Kind == EditKind.None) return body;
        var insert = edit.Kind switch
        {
            EditKind.Whole => Whole,
            EditKind.Value => Value,
            EditKind.Member => Member,
            _ => "true"u8,
        };
        var comma = edit.NeedsComma ? 1 : 0;
        var result = new byte[body.Length - edit.Length + comma + insert.Length];
        var target = result.AsSpan();
        body.Span[..edit.Start].CopyTo(target);
        if (edit.NeedsComma) target[edit.Start] = (byte)',';
        insert.CopyTo(target[(edit.Start + comma)..]);
        body.Span[(edit.Start + edit.Length)..].CopyTo(target[(edit.Start + comma + insert.Length)..]);
        return result;
    }

    private enum EditKind
    {
        None,
        Whole,
        Value,
        Member,
        True,
    }

    private readonly record struct Edit(int Start, int Length, EditKind Kind, bool NeedsComma)
    {
        public static Edit None => default;
    }
}
