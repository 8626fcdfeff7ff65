using Microsoft.AspNetCore.Http;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Gateway.Answers;

/// <summary>Writes a whole answer as JSON: the stored bytes, untouched.</summary>
internal static class JsonAnswer
{
    public static ValueTask WriteAsync(HttpContext http, Completion completion)
    {
        var response = http.Response;
        response.ContentType = "application/json";
        response.ContentLength = completion.Body.Length;
        var write = response.BodyWriter.WriteAsync(completion.Body, CancellationToken.None);
        if (!write.IsCompletedSuccessfully) return Awaited(write);
        _ = write.GetAwaiter().GetResult();
        return ValueTask.CompletedTask;

        static async ValueTask Awaited(ValueTask<System.IO.Pipelines.FlushResult> write) => await write;
    }
}
