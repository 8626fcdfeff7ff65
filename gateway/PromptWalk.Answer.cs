using Microsoft.AspNetCore.Http;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Upstream;
using OrleansCache.Gateway.Answers;
using OrleansCache.Gateway.Errors;

namespace OrleansCache.Gateway;

internal sealed partial class PromptWalk
{
    private ValueTask WriteHitAsync(HttpContext http, WalkOutcome outcome, KeyedPrompt prompt, Completion completion)
    {
        outcome.Take(CacheSource.Hit, completion);
        AnswerHeaders.WriteHit(http.Response.Headers, prompt.Key, completion, Now(), clock.GetElapsedTime(outcome.Started));
        return WriteWholeAsync(http, prompt.Head, completion);
    }

    private ValueTask WriteAnswerAsync(HttpContext http, WalkOutcome outcome, KeyedPrompt prompt, PromptAnswer answer)
    {
        outcome.Source = answer.Source;
        outcome.UpstreamMilliseconds = (int)answer.UpstreamTime.TotalMilliseconds;
        if (answer.Parts is not null) return WriteLiveAsync(http, outcome, prompt, answer);
        WriteHeaders(http, outcome, prompt, answer);
        if (answer.Refusal is not null) return new ValueTask(RefuseAsync(http, outcome, answer.Refusal));
        outcome.Take(answer.Source, answer.Completion!);
        return WriteWholeAsync(http, prompt.Head, answer.Completion!);
    }

    // Embeddings have no streamed form: whatever their body says, they are answered in JSON.
    private static ValueTask WriteWholeAsync(HttpContext http, PromptHead head, Completion completion) =>
        head.Stream && completion.Endpoint != PromptEndpoint.Embeddings
            ? WholeAsStream.WriteAsync(http, completion, head)
            : JsonAnswer.WriteAsync(http, completion);

    private async ValueTask WriteLiveAsync(HttpContext http, WalkOutcome outcome, KeyedPrompt prompt, PromptAnswer answer)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, draining.Deadline);
        var stream = new LiveStream(http, prompt.Head, leaving);
        try
        {
            await stream.WriteAsync(answer.Parts!, () => WriteHeaders(http, outcome, prompt, answer));
            outcome.Usage = stream.Usage;
            outcome.UpstreamMilliseconds = (int)clock.GetElapsedTime(outcome.Started).TotalMilliseconds;
        }
        catch (UpstreamException fault)
        {
            Log.StreamBroke(logger, http.TraceIdentifier, stream.Parts, fault.Message);
            await BreakAsync(http, outcome, UpstreamRefusals.Of(fault));
        }
        catch (OperationCanceledException e) when (e is not ClientLeftException && !http.RequestAborted.IsCancellationRequested)
        {
            await BreakAsync(http, outcome, Refusals.Stopping);
        }
    }

    // Before the first part the status line is still to be written: the caller gets a real error.
    private static Task BreakAsync(HttpContext http, WalkOutcome outcome, Refusal refusal)
    {
        outcome.Status = refusal.Status;
        return http.Response.ContentType is null ? ErrorWriter.WriteAsync(http, refusal) : BrokenStream.EndAsync(http, refusal);
    }

    private void WriteHeaders(HttpContext http, WalkOutcome outcome, KeyedPrompt prompt, PromptAnswer answer) =>
        AnswerHeaders.Write(http.Response.Headers, prompt.Key, answer, Now(), clock.GetElapsedTime(outcome.Started));
}
