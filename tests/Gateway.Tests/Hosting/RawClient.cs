using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace OrleansCache.Gateway.Tests.Hosting;

/// <summary>A bare connection, for what a proper client would not send.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly TcpClient _client = new();
    private Stream _stream = Stream.Null;

    public static async Task<RawClient> ConnectAsync(Uri address)
    {
        var raw = new RawClient();
        await raw._client.ConnectAsync(address.Host, address.Port);
        raw._stream = raw._client.GetStream();
        return raw;
    }

    public async Task SendAsync(string text) => await _stream.WriteAsync(Encoding.UTF8.GetBytes(text));

    public void EndSending() => _client.Client.Shutdown(SocketShutdown.Send);

    public void Reset()
    {
        _client.LingerState = new LingerOption(true, 0);
        _client.Close();
    }

    /// <summary>Reads until the other side closes.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var patience = new CancellationTokenSource(GatewayHost.Patience);
        using var all = new MemoryStream();
        await _stream.CopyToAsync(all, patience.Token);
        return Encoding.UTF8.GetString(all.ToArray());
    }

    /// <summary>
    /// Reads one answer with a <c>Content-Length</c>, to its last byte and no further: a server that gave up the rest of the request
    /// may then end the connection as it likes.
    /// </summary>
    public async Task<string> ReadAnswerAsync()
    {
        const string HeadEnd = "\r\n\r\n", Length = "Content-Length: ";
        var read = await ReadUntilAsync(HeadEnd);
        var body = read.IndexOf(HeadEnd, StringComparison.Ordinal) + HeadEnd.Length;
        var at = read.IndexOf(Length, StringComparison.OrdinalIgnoreCase) + Length.Length;
        var length = int.Parse(read.AsSpan(at, read.IndexOf('\r', at) - at), CultureInfo.InvariantCulture);
        var rest = new byte[length - Encoding.UTF8.GetByteCount(read.AsSpan(body))];
        using var patience = new CancellationTokenSource(GatewayHost.Patience);
        await _stream.ReadExactlyAsync(rest, patience.Token);
        return read + Encoding.UTF8.GetString(rest);
    }

    /// <summary>Reads until the text has come, or fails.</summary>
    public async Task<string> ReadUntilAsync(string text)
    {
        using var patience = new CancellationTokenSource(GatewayHost.Patience);
        var read = new StringBuilder();
        var buffer = new byte[4096];
        while (!read.ToString().Contains(text, StringComparison.Ordinal))
        {
            var count = await _stream.ReadAsync(buffer, patience.Token);
            if (count == 0) throw new EndOfStreamException($"The connection ended without '{text}': {read}");
            read.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return read.ToString();
    }

    public void Dispose() => _client.Dispose();
}
