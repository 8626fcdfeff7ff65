namespace OrleansCache.Core.Keys;

/// <summary>
/// Checks the kinds inside <c>messages</c>, <c>prompt</c>, <c>input</c> and <c>stream_options</c> as they are read. No stricter
/// than OpenAI's API: unknown roles, parts and members pass.
/// </summary>
internal struct PromptShape
{
    private const JsonKinds ContentKinds = JsonKinds.String | JsonKinds.Array | JsonKinds.Null;
    private const JsonKinds FlagKinds = JsonKinds.Boolean | JsonKinds.Null;
    private const JsonKinds TextKinds = JsonKinds.String | JsonKinds.Number | JsonKinds.Array;

    private PromptField? _field;
    private JsonKinds _elementKind;
    private int _count;
    private bool _hasRole;
    private bool _isIncludeUsage;

    public void Field(PromptField? field)
    {
        _field = field;
        _count = 0;
        _elementKind = JsonKinds.None;
    }

    /// <summary>A member's name inside the field.</summary>
    public void Name(int depth, ReadOnlySpan<byte> name)
    {
        if (depth == 2) _isIncludeUsage = _field?.Use == FieldUse.StreamOptions && name.SequenceEqual("include_usage"u8);
    }

    /// <summary>A value begins inside the field.</summary>
    /// <returns>Whether the value is <c>stream_options.include_usage</c>.</returns>
    public bool Value(int depth, JsonKinds kind, MessageMember member)
    {
        switch (_field?.Use)
        {
            case FieldUse.StreamOptions when depth == 2 && _isIncludeUsage:
                if (!FlagKinds.Allows(kind)) throw PromptErrors.WrongKind("stream_options.include_usage", FlagKinds, kind);
                return true;
            case FieldUse.Messages when depth == 2:
                if (kind != JsonKinds.Object) throw PromptErrors.WrongKind($"messages[{_count}]", JsonKinds.Object, kind);
                _count++;
                _hasRole = false;
                break;
            case FieldUse.Messages when depth == 3:
                Message(kind, member);
                break;
            case FieldUse.Text when depth == 2:
                Text(kind);
                break;
            case FieldUse.Text when depth == 3 && kind != JsonKinds.Number:
                throw PromptErrors.WrongKind($"{_field.Name}[{_count - 1}]", JsonKinds.Number, kind);
        }

        return false;
    }

    /// <summary>A container ends inside the field, or the field itself.</summary>
    public readonly void End(int depth, JsonKinds kind)
    {
        if (_field is null) return;
        if (depth == 1 && kind == JsonKinds.Array && _field.IsRequired && _count == 0) throw PromptErrors.EmptyArray(_field.Name);
        if (depth == 2 && _field.Use == FieldUse.Messages && !_hasRole) throw PromptErrors.Missing($"messages[{_count - 1}].role");
    }

    private void Message(JsonKinds kind, MessageMember member)
    {
        if (member == MessageMember.Role)
        {
            if (kind != JsonKinds.String) throw PromptErrors.WrongKind($"messages[{_count - 1}].role", JsonKinds.String, kind);
            _hasRole = true;
        }
        else if (member == MessageMember.Content && !ContentKinds.Allows(kind))
        {
            throw PromptErrors.WrongKind($"messages[{_count - 1}].content", ContentKinds, kind);
        }
    }

    private void Text(JsonKinds kind)
    {
        var expected = _count == 0 ? TextKinds : _elementKind;
        if (!expected.Allows(kind)) throw PromptErrors.WrongKind($"{_field!.Name}[{_count}]", expected, kind);
        _elementKind = kind;
        _count++;
    }
}
