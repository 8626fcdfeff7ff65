using System.Buffers;
using System.IO.Pipelines;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Gateway.Requests;

/// <summary>A request's body, borrowed from the connection or from the pool, or the refusal to read it.</summary>
internal readonly struct BodyLease
{
    private readonly PipeReader? _reader;
    private readonly SequencePosition _end;
    private readonly byte[]? _rented;

    private BodyLease(ReadOnlyMemory<byte> bytes, PipeReader? reader, SequencePosition end, byte[]? rented)
    {
        Bytes = bytes;
        _reader = reader;
        _end = end;
        _rented = rented;
    }

    private BodyLease(Refusal refusal) => Refusal = refusal;

    /// <summary>The body; valid until <see cref="Release"/>.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Why there is no body.</summary>
    public Refusal? Refusal { get; }

    public static BodyLease InPlace(in ReadOnlySequence<byte> body, PipeReader reader) => new(body.First, reader, body.End, null);

    public static BodyLease Pooled(byte[] rented, int length) => new(rented.AsMemory(0, length), null, default, rented);

    public static BodyLease Refused(Refusal refusal) => new(refusal);

    /// <summary>Gives the memory back. Once.</summary>
    public void Release()
    {
        _reader?.AdvanceTo(_end);
        if (_rented is not null) ArrayPool<byte>.Shared.Return(_rented);
    }
}
