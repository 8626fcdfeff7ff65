using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OrleansCache.Core.Keys;

/// <summary>One pass over a body: checks it, writes its canonical text and collects its head.</summary>
internal ref struct PromptWalk
{
    /// <summary>Longer than any provider's names; it bounds what memo, statistics and completions hold beside a body.</summary>
    public const int MaxModelBytes = 256;

    private readonly PromptFieldTable _fields;
    private readonly CanonicalText _text;
    private readonly PromptKeyOptions _options;
    private Utf8JsonReader _reader;
    private PromptField? _field;
    private TextPlace _place;
    private PromptShape _shape;
    private string? _model;
    private bool _hasContent;
    private bool _stream;
    private bool _includeUsage;
    private double? _temperature;

    public PromptWalk(PromptFieldTable fields, ReadOnlySpan<byte> body, CanonicalText text, PromptKeyOptions options)
    {
        _fields = fields;
        _text = text;
        _options = options;

        // One level more than allowed, so that it is this class that finds out and can say so.
        _reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = options.MaxJsonDepth + 1 });
    }

    /// <summary>Reads the body to its end.</summary>
    /// <exception cref="JsonException">Not JSON.</exception>
    /// <exception cref="InvalidPromptException">Not a prompt.</exception>
    public PromptHead Run()
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartObject) throw PromptErrors.NotAnObject(_reader.TokenType);
        _text.StartObject();
        while (_reader.Read()) Token(_reader.CurrentDepth);

        if (_model is null) throw PromptErrors.Missing("model");
        if (!_hasContent) throw PromptErrors.Missing(_fields.Content.Name);
        return new PromptHead(_model, _stream, _includeUsage, _temperature);
    }

    private void Token(int depth)
    {
        switch (_reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                Name(depth);
                break;
            case JsonTokenType.StartObject:
                Begin(depth);
                _text.StartObject();
                break;
            case JsonTokenType.StartArray:
                Begin(depth);
                _text.StartArray();
                break;
            case JsonTokenType.EndObject:
                _text.EndObject();
                End(depth, JsonKinds.Object);
                break;
            case JsonTokenType.EndArray:
                _text.EndArray();
                End(depth, JsonKinds.Array);
                break;
            default:
                Value(depth);
                Scalar(depth);
                EndField(depth);
                break;
        }
    }

    private void Name(int depth)
    {
        var name = _text.Name(in _reader);
        if (depth == 1)
        {
            _field = _fields.Find(name);
            _place.Field(_field?.Use ?? FieldUse.None);
            _shape.Field(_field);
            return;
        }

        _place.Name(depth, name);
        _shape.Name(depth, name);
    }

    private void Begin(int depth)
    {
        if (depth >= _options.MaxJsonDepth) throw PromptErrors.TooDeep(_options.MaxJsonDepth);
        Value(depth);
    }

    private void Value(int depth)
    {
        var kind = JsonKindsText.KindOf(_reader.TokenType);
        if (depth == 1)
        {
            if (_field is not null) Field(_field, kind);
            return;
        }

        _place.Element(depth);
        if (_shape.Value(depth, kind, _place.Member)) _includeUsage = _reader.TokenType == JsonTokenType.True;
    }

    private void Field(PromptField field, JsonKinds kind)
    {
        if (!field.Kinds.Allows(kind)) throw PromptErrors.WrongKind(field.Name, field.Kinds, kind);
        switch (field.Use)
        {
            case FieldUse.Model: _model = Model(); break;
            case FieldUse.Stream: _stream = _reader.TokenType == JsonTokenType.True; break;
            case FieldUse.StreamOptions: _includeUsage = false; break;
            case FieldUse.Temperature: _temperature = Temperature(kind); break;
            case FieldUse.Messages or FieldUse.Text: _hasContent = true; break;
        }
    }

    private readonly void Scalar(int depth)
    {
        switch (_reader.TokenType)
        {
            case JsonTokenType.String:
                _text.String(in _reader, _options.Normalization == PromptNormalization.Trim && _place.IsText(depth));
                break;
            case JsonTokenType.Number:
                _text.Number(in _reader);
                break;
            default:
                _text.Literal(in _reader);
                break;
        }
    }

    private readonly void End(int depth, JsonKinds kind)
    {
        _shape.End(depth, kind);
        EndField(depth);
    }

    private readonly void EndField(int depth)
    {
        if (depth == 1 && _field is { Counts: false }) _text.DropMember();
    }

    private readonly string Model()
    {
        string model;
        try
        {
            model = _reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw PromptErrors.BadModel("it holds half a surrogate pair");
        }

        if (Encoding.UTF8.GetByteCount(model) is > MaxModelBytes and var bytes)
            throw PromptErrors.BadModel(string.Create(CultureInfo.InvariantCulture, $"it has {bytes} bytes; at most {MaxModelBytes} are allowed"));
        if (string.IsNullOrWhiteSpace(model)) throw PromptErrors.BadModel("it is empty; name a model");
        return model.Any(char.IsControl) ? throw PromptErrors.BadModel("it holds a control character") : model;
    }

    /// <summary>A number beyond the range of a double is hotter than any rule allows.</summary>
    private readonly double? Temperature(JsonKinds kind)
    {
        if (kind == JsonKinds.Null) return null;
        return _reader.TryGetDouble(out var value) ? value : double.PositiveInfinity;
    }
}
