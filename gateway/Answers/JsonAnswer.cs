using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Gateway.Answers;

/// <summary>Writes a whole answer as JSON: the stored bytes, untouched.</summary>
internal static class JsonAnswer
{
    // One write copies all that it is given into the connection's buffers, however slowly the client reads. A larger answer goes
    // out in slices, each when the client has taken most of what went before.
    private const int LargestWrite = 128 << 10;
    private const int Slice = 64 << 10;

    /// <exception cref="OperationCanceledException">The client has left.</exception>
    public static ValueTask WriteAsync(HttpContext http, Completion completion)
    {
        var response = http.Response;
        response.ContentType = "application/json";
        response.ContentLength = completion.Body.Length;
        if (completion.Body.Length > LargestWrite) return SlicedAsync(response.BodyWriter, completion.Body, http.RequestAborted);
        var write = response.BodyWriter.WriteAsync(completion.Body, CancellationToken.None);
        if (!write.IsCompletedSuccessfully) return Awaited(write);
        _ = write.GetAwaiter().GetResult();
        return ValueTask.CompletedTask;

        static async ValueTask Awaited(ValueTask<FlushResult> write) => await write;
    }

    private static async ValueTask SlicedAsync(PipeWriter pipe, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        while (body.Length > 0)
        {
            var size = Math.Min(body.Length, Slice);
            var flushed = await pipe.WriteAsync(body[..size], cancellationToken);
            if (flushed.IsCompleted || flushed.IsCanceled) throw new ClientLeftException();
            body = body[size..];
        }
    }
}
