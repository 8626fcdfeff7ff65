using System.Buffers.Text;

namespace OrleansCache.Core.Prompts.Answers.Json;

/// <summary>A growing buffer of JSON under construction; commas come by themselves.</summary>
internal sealed class ByteBuffer(int capacity = 0)
{
    private byte[] _bytes = capacity == 0 ? [] : new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    public void Append(byte value)
    {
        Room(1)[0] = value;
        Length++;
    }

    public void Append(long number)
    {
        Utf8Formatter.TryFormat(number, Room(20), out var written);
        Length += written;
    }

    /// <summary>A comma, unless the buffer ends where a first field or element goes.</summary>
    public void Separate()
    {
        if (Length > 0 && _bytes[Length - 1] is not ((byte)'{' or (byte)'[')) Append((byte)',');
    }

    /// <summary>Comma if needed, name and colon.</summary>
    /// <param name="name">The name as it stands between the quotes.</param>
    public void Name(ReadOnlySpan<byte> name)
    {
        Separate();
        Append((byte)'"');
        Append(name);
        Append("\":"u8);
    }

    /// <summary>Forgets what was appended after the first <paramref name="length"/> bytes.</summary>
    public void Truncate(int length) => Length = length;

    public byte[] ToArray() => Span.ToArray();

    private Span<byte> Room(int count)
    {
        if (_bytes.Length - Length < count)
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max((long)_bytes.Length * 2, Math.Max(16L, (long)Length + count))));
        return _bytes.AsSpan(Length);
    }
}
