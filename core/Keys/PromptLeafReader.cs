using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OrleansCache.Core.Keys;

/// <summary>
/// Lists the leaves of a body by path. Bounded, because stored bodies may be anything: names are cut, whatever nests deeper
/// than <see cref="MaxPathDepth"/> is one leaf, and only the first <see cref="MaxLeaves"/> leaves are read.
/// </summary>
internal ref struct PromptLeafReader
{
    private const int MaxName = 64;
    private const int MaxPathDepth = 16;
    private const int MaxLeaves = 20_000;

    private readonly PromptFieldTable _fields;
    private readonly ReadOnlySpan<byte> _body;
    private readonly bool _trims;
    private readonly StringBuilder _path = new();
    private readonly Stack<Level> _levels = new();
    private readonly Dictionary<string, PromptKey> _leaves = [];
    private Utf8JsonReader _reader;
    private TextPlace _place;

    public PromptLeafReader(PromptFieldTable fields, ReadOnlySpan<byte> body, PromptKeyOptions options)
    {
        _fields = fields;
        _body = body;
        _trims = options.Normalization == PromptNormalization.Trim;
        _reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = options.MaxJsonDepth });
    }

    /// <summary>The top-level fields, and whether the body is a JSON object to its end.</summary>
    public (List<(string Name, PromptField? Field)> Fields, bool IsComplete) ReadFields()
    {
        List<(string, PromptField?)> fields = [];
        try
        {
            if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartObject) return (fields, false);
            while (_reader.Read())
            {
                if (_reader.TokenType != JsonTokenType.PropertyName) continue;
                fields.Add((Name(out var field), field));
                _reader.Skip();
            }

            return (fields, true);
        }
        catch (JsonException)
        {
            return (fields, false);
        }
    }

    /// <summary>The leaves that count, each with a digest of its canonical value.</summary>
    public Dictionary<string, PromptKey> ReadLeaves()
    {
        try
        {
            while (_leaves.Count < MaxLeaves && _reader.Read()) Token(_reader.CurrentDepth);
        }
        catch (JsonException)
        {
            // What was read before the fault is what can be compared.
        }

        return _leaves;
    }

    private void Token(int depth)
    {
        switch (_reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                Member(depth);
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                var level = _levels.Pop();
                _path.Length = level.Path;
                if (level.Count == 0) Leaf(level.IsArray ? "[]"u8 : "{}"u8);
                break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                Element(depth);
                if (_levels.Count < MaxPathDepth) _levels.Push(new Level(_path.Length, _reader.TokenType == JsonTokenType.StartArray));
                else SkippedLeaf();
                break;
            default:
                Element(depth);
                ScalarLeaf(depth);
                break;
        }
    }

    private void Member(int depth)
    {
        var level = _levels.Peek();
        level.Count++;
        _path.Length = level.Path;
        if (_path.Length > 0) _path.Append('.');
        _path.Append(Name(out var field));
        if (depth > 1) return;
        _place.Field(field?.Use ?? FieldUse.None);
        if (field is { Counts: false }) _reader.Skip();
    }

    private void Element(int depth)
    {
        if (depth > 1) _place.Element(depth);
        if (!_levels.TryPeek(out var level) || !level.IsArray) return;
        _path.Length = level.Path;
        _path.Append('[').Append(level.Count++).Append(']');
    }

    private void SkippedLeaf()
    {
        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        Leaf(_body[start..(int)_reader.BytesConsumed]);
    }

    private readonly void ScalarLeaf(int depth)
    {
        using var value = new PooledList<byte>(_reader.ValueSpan.Length + 16);
        switch (_reader.TokenType)
        {
            case JsonTokenType.String:
                value.Add((byte)'"');
                CanonicalString.Write(_reader.ValueSpan, _reader.ValueIsEscaped, value);
                if (_trims && _place.IsText(depth)) CanonicalTrim.Apply(value, 1);
                break;
            case JsonTokenType.Number:
                CanonicalNumber.Write(_reader.ValueSpan, value);
                break;
            default:
                value.AddRange(_reader.ValueSpan);
                break;
        }

        Leaf(value.Span);
    }

    private readonly void Leaf(ReadOnlySpan<byte> value)
    {
        Span<byte> digest = stackalloc byte[PromptKey.Size];
        SHA256.HashData(value, digest);
        var path = _path.ToString();
        var unique = path;
        for (var n = 2; !_leaves.TryAdd(unique, new PromptKey(digest)); n++) unique = $"{path}#{n}";
    }

    private string Name(out PromptField? field)
    {
        using var name = new PooledList<byte>(_reader.ValueSpan.Length);
        CanonicalString.Write(_reader.ValueSpan, _reader.ValueIsEscaped, name);
        field = _reader.CurrentDepth == 1 ? _fields.Find(name.Span) : null;
        _place.Name(_reader.CurrentDepth, name.Span);
        var text = Encoding.UTF8.GetString(name.Span);
        return text.Length <= MaxName ? text : string.Concat(text.AsSpan(0, MaxName), "…");
    }

    private sealed class Level(int path, bool isArray)
    {
        public int Path { get; } = path;

        public bool IsArray { get; } = isArray;

        public int Count { get; set; }
    }
}
