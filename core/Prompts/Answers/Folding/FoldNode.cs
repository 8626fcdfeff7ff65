using OrleansCache.Core.Prompts.Answers.Json;

namespace OrleansCache.Core.Prompts.Answers.Folding;

/// <summary>A value of the answer while its chunks arrive.</summary>
internal abstract class FoldNode
{
    /// <summary>Whether there is nothing yet that a value of another kind would destroy: null or an empty string.</summary>
    public virtual bool IsVacant => false;

    public abstract void WriteTo(ByteBuffer output);
}

/// <summary>A value that is only ever replaced as a whole.</summary>
internal sealed class RawNode(ReadOnlySpan<byte> json) : FoldNode
{
    private byte[] _json = json.ToArray();

    public ReadOnlySpan<byte> Json => _json;

    public override bool IsVacant => IsEmpty(_json);

    /// <summary>Takes a newer value. Null never replaces anything, the empty string only null.</summary>
    public void Replace(ReadOnlySpan<byte> json)
    {
        // Most chunks repeat what is already here.
        if (_json.AsSpan().SequenceEqual(json)) return;
        if (json.SequenceEqual("null"u8) || (IsEmpty(json) && !IsVacant)) return;
        _json = json.ToArray();
    }

    public override void WriteTo(ByteBuffer output) => JsonCompactor.Append(output, _json);

    private static bool IsEmpty(ReadOnlySpan<byte> json) => json.SequenceEqual("null"u8) || json.SequenceEqual("\"\""u8);
}

/// <summary>
/// Text that arrives in fragments. Kept escaped as it came, so that a surrogate pair split between two fragments is whole again,
/// and written in canonical form.
/// </summary>
internal sealed class TextNode : FoldNode
{
    private readonly ByteBuffer _text = new();

    public override bool IsVacant => _text.Length == 0;

    public void Append(ReadOnlySpan<byte> text) => _text.Append(text);

    public override void WriteTo(ByteBuffer output)
    {
        output.Append((byte)'"');
        JsonEscapes.AppendCanonical(output, _text.Span);
        output.Append((byte)'"');
    }
}
