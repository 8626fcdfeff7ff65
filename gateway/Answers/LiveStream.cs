using Microsoft.AspNetCore.Http;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Upstream;

namespace OrleansCache.Gateway.Answers;

/// <summary>
/// Writes an answer as it arrives. Parts that are already there go out together; before waiting for one that is not, what has
/// gathered is sent. When the client has left, <paramref name="leaving"/> is cancelled.
/// </summary>
internal sealed class LiveStream(HttpContext http, PromptHead head, CancellationTokenSource leaving)
{
    /// <summary>Parts received, hidden ones included.</summary>
    public int Parts { get; private set; }

    /// <summary>Usage as the stream told it.</summary>
    public TokenUsage Usage { get; private set; }

    /// <param name="parts">The answer.</param>
    /// <param name="writeHeaders">Called once, when the first part is there.</param>
    /// <exception cref="UpstreamException">The stream broke off. The response may have started.</exception>
    /// <exception cref="OperationCanceledException">The client has left, or the process stops.</exception>
    public async Task WriteAsync(IAsyncEnumerable<StreamPart> parts, Action writeHeaders)
    {
        await using var source = parts.GetAsyncEnumerator(leaving.Token);
        var more = await source.MoveNextAsync();
        writeHeaders();
        var sse = SseWriter.Start(http);
        while (more)
        {
            Write(sse, source.Current);
            var next = source.MoveNextAsync();
            more = next.IsCompletedSuccessfully && !sse.ShouldFlush ? next.Result : await FlushBeforeAsync(sse, next.AsTask());
        }

        sse.WriteDone();
        await sse.FlushAsync(http.RequestAborted);
    }

    private void Write(in SseWriter sse, in StreamPart part)
    {
        Parts++;
        // In a chunk of its own, or, with some providers, in the last one that has a choice.
        if ((part.UsageOnly || StreamUsage.IsIn(part.Data.Span)) && StreamUsage.Read(part.Data.Span) is var told && told != default)
            Usage = told;
        if (!part.UsageOnly || head.IncludeUsage) sse.Write(part.Data.Span);
    }

    // A client that has left must not leave the enumerator in the middle of a step: it could not be disposed.
    private async ValueTask<bool> FlushBeforeAsync(SseWriter sse, Task<bool> next)
    {
        try
        {
            await sse.FlushAsync(http.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            await leaving.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return await next;
    }
}
