using System.Text.Json;

namespace OrleansCache.Core.Keys;

/// <summary>
/// A JSON document in canonical text: no white space, one spelling for strings and numbers, members in the order of their names,
/// members and elements each followed by a comma. Text is written in the order it comes; only members that came out of order are
/// put in order, once, when the key is made, so that the cost stays linear however deep the document.
/// </summary>
internal sealed partial class CanonicalText(int capacity) : IDisposable
{
    private readonly PooledList<byte> _bytes = new(capacity);
    private readonly PooledList<Frame> _frames = new(32);

    /// <summary>Writes bytes in front of the document.</summary>
    public void Prefix(ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);

    /// <summary>Begins a member.</summary>
    /// <returns>Its name in canonical spelling; valid until the next call.</returns>
    public ReadOnlySpan<byte> Name(ref readonly Utf8JsonReader reader)
    {
        var start = _bytes.Count;
        _bytes.Add((byte)'"');
        CanonicalString.Write(reader.ValueSpan, reader.ValueIsEscaped, _bytes);
        var nameEnd = _bytes.Count;
        _bytes.AddRange("\":"u8);
        _open.Add(new Member { Start = start, NameEnd = nameEnd, FirstObject = _objects.Count });
        return _bytes.Span[(start + 1)..nameEnd];
    }

    /// <summary>Writes a string.</summary>
    public void String(ref readonly Utf8JsonReader reader, bool trim)
    {
        _bytes.Add((byte)'"');
        var start = _bytes.Count;
        CanonicalString.Write(reader.ValueSpan, reader.ValueIsEscaped, _bytes);
        if (trim) CanonicalTrim.Apply(_bytes, start);
        _bytes.Add((byte)'"');
        EndValue();
    }

    /// <summary>Writes a number.</summary>
    public void Number(ref readonly Utf8JsonReader reader)
    {
        CanonicalNumber.Write(reader.ValueSpan, _bytes);
        EndValue();
    }

    /// <summary>Writes <c>true</c>, <c>false</c> or <c>null</c>.</summary>
    public void Literal(ref readonly Utf8JsonReader reader)
    {
        _bytes.AddRange(reader.ValueSpan);
        EndValue();
    }

    /// <summary>Begins an array.</summary>
    public void StartArray()
    {
        _frames.Add(default);
        _bytes.Add((byte)'[');
    }

    /// <summary>Ends the innermost array.</summary>
    public void EndArray()
    {
        _frames.Truncate(_frames.Count - 1);
        _bytes.Add((byte)']');
        EndValue();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _bytes.Dispose();
        _frames.Dispose();
        _open.Dispose();
        _kept.Dispose();
        _objects.Dispose();
    }

    private void EndValue()
    {
        _bytes.Add((byte)',');
        if (_frames.Count > 0 && _frames.Last.IsObject) EndMember();
    }

    private struct Frame
    {
        public bool IsObject;
        public bool IsUnordered;
        public int Object;
        public int FirstMember;
    }
}
