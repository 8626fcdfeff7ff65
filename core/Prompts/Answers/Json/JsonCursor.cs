using System.Text.Json;

namespace OrleansCache.Core.Prompts.Answers.Json;

/// <summary>A reader that also hands out values as they are written. Throws <see cref="JsonException"/> on anything but JSON.</summary>
internal ref struct JsonCursor(ReadOnlySpan<byte> json)
{
    /// <summary>Deepest nesting that is read; deeper answers are delivered, but neither folded nor stored.</summary>
    public const int MaxDepth = 64;

    private readonly ReadOnlySpan<byte> _json = json;
    private Utf8JsonReader _reader = new(json, new JsonReaderOptions { MaxDepth = MaxDepth });

    public readonly JsonTokenType Kind => _reader.TokenType;

    /// <summary>The inside of a string, escapes and all; or a number.</summary>
    public readonly ReadOnlySpan<byte> Text => _reader.ValueSpan;

    /// <summary>A property's name in canonical form.</summary>
    public readonly ReadOnlySpan<byte> Name => Canonical();

    /// <summary>Whether a string stands here that says this.</summary>
    public readonly bool Says(ReadOnlySpan<byte> text) => _reader.TokenType == JsonTokenType.String && Canonical().SequenceEqual(text);

    public bool Read() => _reader.Read();

    /// <summary>Moves to the next property's name; false at the end of the object.</summary>
    public bool ReadName() => _reader.Read() && _reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>Moves to the next element; false at the end of the array.</summary>
    public bool ReadElement() => _reader.Read() && _reader.TokenType != JsonTokenType.EndArray;

    /// <summary>Moves to the last token of the value that begins here.</summary>
    public void Skip() => _reader.Skip();

    /// <summary>Where the value that begins here is written; moves to its last token.</summary>
    public Range TakeRange()
    {
        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        return start..(int)_reader.BytesConsumed;
    }

    /// <summary>The value that begins here as it is written; moves to its last token.</summary>
    public ReadOnlySpan<byte> TakeValue() => _json[TakeRange()];

    /// <summary>The number here, if it is a whole one that fits.</summary>
    public readonly bool TryGetInteger(out long value)
    {
        value = 0;
        return _reader.TokenType == JsonTokenType.Number && _reader.TryGetInt64(out value);
    }

    public readonly double GetDouble() => _reader.TryGetDouble(out var value) ? value : 0;

    /// <summary>The whole-number field <c>index</c> of the object that begins here. Moves nothing.</summary>
    public readonly long? PeekIndex()
    {
        var ahead = this;
        while (ahead.ReadName())
        {
            var found = ahead.Name.SequenceEqual("index"u8);
            ahead.Read();
            if (found) return ahead.TryGetInteger(out var index) ? index : null;
            ahead.Skip();
        }

        return null;
    }

    private readonly ReadOnlySpan<byte> Canonical()
    {
        if (!_reader.ValueIsEscaped) return _reader.ValueSpan;
        var canonical = new ByteBuffer(_reader.ValueSpan.Length);
        JsonEscapes.AppendCanonical(canonical, _reader.ValueSpan);
        return canonical.Span;
    }
}
