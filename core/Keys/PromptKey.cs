using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace OrleansCache.Core.Keys;

/// <summary>
/// Identity of a prompt: a SHA-256 (32 bytes) over key version, scope, endpoint and canonical JSON.
/// Written as 64 lower-case hexadecimal digits.
/// </summary>
public readonly struct PromptKey : IEquatable<PromptKey>
{
    /// <summary>Length of a key in bytes.</summary>
    public const int Size = 32;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    /// <summary>Makes a key of a SHA-256 digest.</summary>
    /// <param name="digest">Exactly 32 bytes.</param>
    /// <exception cref="ArgumentException">The digest is not 32 bytes long.</exception>
    public PromptKey(ReadOnlySpan<byte> digest)
    {
        if (digest.Length != Size)
            throw new ArgumentException($"A prompt key has {Size} bytes, not {digest.Length}.", nameof(digest));
        _a = BinaryPrimitives.ReadUInt64BigEndian(digest);
        _b = BinaryPrimitives.ReadUInt64BigEndian(digest[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(digest[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(digest[24..]);
    }

    /// <summary>The first 64 bits: uniformly distributed, good enough to choose a shard or a ghost slot, never for identity.</summary>
    public ulong Prefix => _a;

    /// <summary>Writes the 32 bytes of the key.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _d);
    }

    /// <summary>The 32 bytes of the key in a new array.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Reads a key of 64 hexadecimal digits in either case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PromptKey key)
    {
        Span<byte> bytes = stackalloc byte[Size];
        if (text is { Length: Size * 2 }
            && Convert.FromHexString(text, bytes, out _, out var written) == System.Buffers.OperationStatus.Done
            && written == Size)
        {
            key = new PromptKey(bytes);
            return true;
        }

        key = default;
        return false;
    }

    /// <inheritdoc/>
    public bool Equals(PromptKey other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PromptKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)_d;

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    /// <summary>Equality of all 256 bits.</summary>
    public static bool operator ==(PromptKey left, PromptKey right) => left.Equals(right);

    /// <summary>Inequality of any of the 256 bits.</summary>
    public static bool operator !=(PromptKey left, PromptKey right) => !left.Equals(right);
}
