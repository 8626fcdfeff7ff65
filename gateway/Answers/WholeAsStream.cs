using Microsoft.AspNetCore.Http;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Prompts.Answers;

namespace OrleansCache.Gateway.Answers;

/// <summary>Writes a whole answer as the stream that the caller asked for: chunk by chunk, at the pace of the client.</summary>
internal static class WholeAsStream
{
    /// <exception cref="OperationCanceledException">The client has left.</exception>
    public static async ValueTask WriteAsync(HttpContext http, Completion completion, PromptHead head)
    {
        var sse = SseWriter.Start(http);
        foreach (var part in StreamUnfolder.Unfold(completion.Endpoint, completion.Body))
        {
            if (part.UsageOnly && !head.IncludeUsage) continue;
            sse.Write(part.Data.Span);
            if (sse.ShouldFlush) await sse.FlushAsync(http.RequestAborted);
        }

        sse.WriteDone();
        await sse.FlushAsync(http.RequestAborted);
    }
}
