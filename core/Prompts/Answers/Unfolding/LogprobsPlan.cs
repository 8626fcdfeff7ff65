using System.Text.Json;
using OrleansCache.Core.Prompts.Answers.Json;

namespace OrleansCache.Core.Prompts.Answers.Unfolding;

/// <summary>A choice's logprobs taken apart: tables whose rows go with the pieces of a text, and what is sent in the last chunk.</summary>
internal sealed class LogprobsPlan
{
    private readonly Field? _logprobs;
    private readonly List<Field> _fields;
    private readonly List<TokenTable> _tables = [];

    private LogprobsPlan(Field? logprobs)
    {
        _logprobs = logprobs;
        _fields = logprobs is null ? [] : Field.Of(logprobs.Value);
    }

    /// <summary>Of a chat: an array of objects for each text of the message.</summary>
    public static LogprobsPlan OfChat(Field? logprobs, IReadOnlyList<Field> message)
    {
        var plan = new LogprobsPlan(logprobs);
        foreach (var field in plan._fields)
        {
            if (!message.Any(text => text.Kind == JsonTokenType.String && text.Is(field.Name))) continue;
            var tokens = Field.Elements(field.Value, JsonTokenType.StartObject);
            if (tokens.Count > 0) plan._tables.Add(new TokenTable(field.Name, [(field, tokens)]));
        }

        return plan;
    }

    /// <summary>Of a legacy completion: parallel arrays, one of them the tokens.</summary>
    public static LogprobsPlan OfText(Field? logprobs, Field? text)
    {
        var plan = new LogprobsPlan(logprobs);
        if (text is not { Kind: JsonTokenType.String } || plan._fields.Find(f => f.Is("tokens"u8)) is not { } tokens) return plan;
        var count = Field.Elements(tokens.Value, JsonTokenType.String).Count;
        var columns = plan._fields.ConvertAll(f => (Field: f, Elements: Field.Elements(f.Value))).FindAll(c => c.Elements.Count == count);
        if (count > 0) plan._tables.Add(new TokenTable(text.Name, [.. columns.OrderBy(c => c.Field == tokens ? 0 : 1)]));
        return plan;
    }

    /// <summary>The table that goes with a text.</summary>
    public TokenTable? TableOf(Field text) => _tables.Find(t => text.Is(t.Text));

    /// <summary>Writes the logprobs of one piece. What is null in the answer is null in every piece.</summary>
    public void WriteRows(ByteBuffer output, TokenTable table, int from, int to)
    {
        output.Name("logprobs"u8);
        output.Append((byte)'{');
        table.WriteRows(output, from, to);
        foreach (var field in _fields)
            if (field.IsNull) field.WriteTo(output);
        output.Append((byte)'}');
    }

    /// <summary>Writes, for the last chunk, what went with no piece; null when all did.</summary>
    public void WriteRest(ByteBuffer output)
    {
        if (_logprobs is null) return;
        if (_tables.Count == 0)
        {
            _logprobs.WriteTo(output);
            return;
        }

        output.Name("logprobs"u8);
        var rest = _fields.FindAll(f => !f.IsNull && !_tables.Exists(t => t.Has(f)));
        output.Append(rest.Count == 0 ? "null"u8 : "{"u8);
        foreach (var field in rest) field.WriteTo(output);
        if (rest.Count > 0) output.Append((byte)'}');
    }
}

/// <summary>What was reported token by token about one text, in columns of equal length.</summary>
internal sealed class TokenTable(byte[] text, List<(Field Field, List<ReadOnlyMemory<byte>> Elements)> columns)
{
    /// <summary>The field whose text it goes with.</summary>
    public byte[] Text => text;

    /// <summary>The column with the tokens.</summary>
    public List<ReadOnlyMemory<byte>> Tokens => columns[0].Elements;

    public bool Has(Field field) => columns.Exists(c => c.Field == field);

    public void WriteRows(ByteBuffer output, int from, int to)
    {
        foreach (var (field, elements) in columns)
        {
            output.Name(field.Name);
            output.Append((byte)'[');
            for (var i = from; i < to; i++)
            {
                output.Separate();
                JsonCompactor.Append(output, elements[i].Span);
            }

            output.Append((byte)']');
        }
    }
}
