using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansCache.Bench.Load;

/// <summary>One keep-alive connection with one request on its way. It is its own socket, so that a ready socket is a connection.</summary>
internal sealed class LoadConnection : Socket
{
    private readonly byte[] _buffer;
    private readonly byte[] _expect;
    private long _sentAt;
    private int _have;
    private int _left = -1;

    public LoadConnection(int port, string? expect, int bufferBytes = 64 << 10)
        : base(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true;
        _buffer = new byte[bufferBytes];
        _expect = Encoding.ASCII.GetBytes(expect ?? "");
        Connect(new IPEndPoint(IPAddress.Loopback, port));
    }

    /// <summary>The value of <c>x-cache</c> in the last answer.</summary>
    public string LastSource { get; private set; } = "";

    /// <summary>Whether <see cref="LastSource"/> is read.</summary>
    public bool WantsSource { get; init; }

    /// <summary>Answers that were not what they should be.</summary>
    public long Wrong { get; private set; }

    /// <summary>The time since the request was sent, in nanoseconds.</summary>
    public long Elapsed => (Stopwatch.GetTimestamp() - _sentAt) * (1_000_000_000 / Stopwatch.Frequency);

    public void Ask(ReadOnlySpan<byte> request)
    {
        _sentAt = Stopwatch.GetTimestamp();
        Send(request);
    }

    /// <summary>Takes what has arrived.</summary>
    /// <returns>True when the answer is whole.</returns>
    public bool Take() => Took(Receive(_buffer.AsSpan(_have)));

    /// <summary>Waits for the whole answer.</summary>
    public async Task TakeWholeAsync()
    {
        while (!Took(await ReceiveAsync(_buffer.AsMemory(_have)))) continue;
    }

    private bool Took(int bytes)
    {
        if (bytes == 0) throw new InvalidDataException("The server closed the connection.");
        if (_left >= 0)
        {
            _left -= bytes;
        }
        else
        {
            _have += bytes;
            if (!AnswerParser.TryRead(_buffer.AsSpan(0, _have), out var head, out var total)) return false;
            Check(head);
            _left = total - _have;
            _have = 0;
        }

        if (_left > 0) return false;
        _left = -1;
        return true;
    }

    private void Check(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("HTTP/1.1 200"u8) || head.IndexOf(_expect) < 0) Wrong++;
        if (!WantsSource) return;
        var at = head.IndexOf("x-cache: "u8);
        var value = at < 0 ? [] : head[(at + 9)..];
        LastSource = Encoding.ASCII.GetString(at < 0 ? [] : value[..value.IndexOf((byte)'\r')]);
    }
}
