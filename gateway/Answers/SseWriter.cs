using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace OrleansCache.Gateway.Answers;

/// <summary>Writes server-sent events; says when enough has gathered to be sent.</summary>
internal readonly struct SseWriter(PipeWriter pipe)
{
    // About one memory block of the server: more gathered than this gains nothing.
    private const int FlushAt = 4 << 10;

    public bool ShouldFlush => pipe.UnflushedBytes >= FlushAt;

    public static SseWriter Start(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-cache";
        // Reverse proxies of the nginx family hold streams back unless told.
        http.Response.Headers["x-accel-buffering"] = "no";
        return new SseWriter(http.Response.BodyWriter);
    }

    public void Write(ReadOnlySpan<byte> data)
    {
        pipe.Write("data: "u8);
        // A line end inside the document may only be white space between tokens; each line then needs its own field name.
        while (data.IndexOfAny((byte)'\n', (byte)'\r') is >= 0 and var end)
        {
            pipe.Write(data[..end]);
            pipe.Write("\ndata: "u8);
            data = data[(data[end] == '\r' && end + 1 < data.Length && data[end + 1] == '\n' ? end + 2 : end + 1)..];
        }

        pipe.Write(data);
        pipe.Write("\n\n"u8);
    }

    public void WriteDone() => pipe.Write("data: [DONE]\n\n"u8);

    /// <summary>Sends what has gathered, as fast as the client takes it.</summary>
    /// <exception cref="OperationCanceledException">The client has left.</exception>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        var flushed = await pipe.FlushAsync(cancellationToken);
        if (flushed.IsCompleted || flushed.IsCanceled) throw new ClientLeftException();
    }
}
