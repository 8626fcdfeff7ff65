namespace OrleansCache.Core.Keys;

/// <summary>The members of a message that the key step knows.</summary>
internal enum MessageMember
{
    Other,
    Role,
    Content,
}

/// <summary>
/// Where in the body the reader stands, as far as is needed to tell text that a model reads (<c>prompt</c>, <c>input</c>,
/// a message's <c>content</c>, the <c>text</c> of its parts) from other strings. Depths count the containers around a token.
/// </summary>
internal struct TextPlace
{
    private FieldUse _field;
    private bool _isPartText;

    /// <summary>The member of the message that was named last.</summary>
    public MessageMember Member { get; private set; }

    public void Field(FieldUse use)
    {
        _field = use;
        Element(2);
    }

    /// <summary>A member's name inside the field.</summary>
    public void Name(int depth, ReadOnlySpan<byte> name)
    {
        if (depth == 3) Member = name.SequenceEqual("role"u8) ? MessageMember.Role : name.SequenceEqual("content"u8) ? MessageMember.Content : MessageMember.Other;
        if (depth == 5) _isPartText = name.SequenceEqual("text"u8);
    }

    /// <summary>A value begins: names seen inside the one before it no longer hold.</summary>
    public void Element(int depth)
    {
        if (depth <= 2) Member = MessageMember.Other;
        if (depth <= 4) _isPartText = false;
    }

    /// <summary>Whether a string at this depth is text that a model reads.</summary>
    public readonly bool IsText(int depth) => _field switch
    {
        FieldUse.Text => depth <= 2,
        FieldUse.Messages => Member == MessageMember.Content && (depth == 3 || (depth == 5 && _isPartText)),
        _ => false,
    };
}
