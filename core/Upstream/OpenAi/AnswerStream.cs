namespace OrleansCache.Core.Upstream.OpenAi;

/// <summary>The answer's body as it comes off the wire: every read stands under the call's deadlines, the sum under its bound.</summary>
internal sealed class AnswerStream(Stream inner, CallDeadlines deadlines, UpstreamFaults faults, long maxBytes) : Stream
{
    private long _total;

    public bool Ended { get; private set; }

    public StreamTail Tail { get; } = new();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads some bytes. The token is the call's own: <paramref name="cancellationToken"/> is not looked at.</summary>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        deadlines.StartWaiting();
        int read;
        try
        {
            read = await inner.ReadAsync(buffer, deadlines.Token);
        }
        catch (Exception e)
        {
            // A read that was refused because the call is over already leaves the connection open.
            await inner.DisposeAsync();
            throw faults.Translate(e, deadlines);
        }

        deadlines.StopWaiting();
        _total += read;
        if (_total > maxBytes) throw faults.TooLarge();
        Tail.Add(buffer.Span[..read]);
        if (read == 0 && buffer.Length > 0) Ended = true;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
