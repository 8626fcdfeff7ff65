namespace OrleansCache.Core.Upstream.OpenAi;

/// <summary>
/// The last bytes of a stream. Some servers close right after <c>data: [DONE]</c> without the empty line that would make it an event.
/// </summary>
internal sealed class StreamTail
{
    private readonly byte[] _last = new byte[16];

    /// <summary>Whether the stream stopped at a closing mark that was not dispatched.</summary>
    public bool IsDone
    {
        get
        {
            var tail = _last.AsSpan().TrimEnd("\r\n"u8);
            return tail.EndsWith("data: [DONE]"u8) || tail.EndsWith("data:[DONE]"u8);
        }
    }

    public void Add(ReadOnlySpan<byte> read)
    {
        if (read.Length >= _last.Length)
        {
            read[^_last.Length..].CopyTo(_last);
            return;
        }

        _last.AsSpan(read.Length).CopyTo(_last);
        read.CopyTo(_last.AsSpan(_last.Length - read.Length));
    }
}
