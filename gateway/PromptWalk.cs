using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;
using OrleansCache.Gateway.Answers;
using OrleansCache.Gateway.Errors;
using OrleansCache.Gateway.Hosting;
using OrleansCache.Gateway.Requests;
using OrleansCache.Gateway.Statistics;

namespace OrleansCache.Gateway;

/// <summary>
/// The walk of a data request: who asks, on what terms, what; then memory, then the owner; then the answer in the form asked for.
/// It decides nothing about caching.
/// </summary>
internal sealed partial class PromptWalk(
    RequestTermsReader terms,
    BodyReader bodies,
    PromptReader prompts,
    IPromptOwners owners,
    Draining draining,
    RequestStatistics statistics,
    TimeProvider clock,
    ILogger<PromptWalk> logger)
{
    // What is recorded of a caller who left before the answer: no status was sent. The number is nginx's.
    private const int ClientLeft = 499;

    public async Task HandleAsync(HttpContext http, PromptEndpoint endpoint)
    {
        var outcome = new WalkOutcome(clock.GetTimestamp());
        try
        {
            await WalkAsync(http, endpoint, outcome);
        }
        catch (OperationCanceledException e) when (e is ClientLeftException || http.RequestAborted.IsCancellationRequested)
        {
            outcome.Status = ClientLeft;
            // What was left unsaid must not get a proper end.
            http.Abort();
        }
        finally
        {
            statistics.Record(new RequestRecord(
                outcome.Model, outcome.Caller, outcome.Source, outcome.Status, clock.GetElapsedTime(outcome.Started), outcome.Usage,
                outcome.UpstreamMilliseconds));
        }
    }

    private async ValueTask WalkAsync(HttpContext http, PromptEndpoint endpoint, WalkOutcome outcome)
    {
        var given = terms.Read(http.Request, out var refusal);
        outcome.Caller = given.Caller?.Name ?? "";
        if (refusal is not null)
        {
            await RefuseAsync(http, outcome, refusal);
            return;
        }

        var body = await bodies.ReadAsync(http.Request);
        if (body.Refusal is not null)
        {
            await RefuseAsync(http, outcome, body.Refusal);
            return;
        }

        KeyedPrompt? prompt;
        Completion? fresh = null;
        PromptAnswer? answer = null;
        try
        {
            prompt = TryReadPrompt(endpoint, given.Scope, body, out refusal);
            if (prompt is not null)
            {
                outcome.Model = prompt.Head.Model;
                fresh = owners.TryGetFresh(prompt.Key, given.Directives, Now());
                if (fresh is null) answer = await AskAsync(http, endpoint, given, prompt, body);
            }
        }
        finally
        {
            body.Release();
        }

        if (prompt is null) await RefuseAsync(http, outcome, refusal!);
        else if (fresh is not null) await WriteHitAsync(http, outcome, prompt, fresh);
        else await WriteAnswerAsync(http, outcome, prompt, answer!);
    }

    private KeyedPrompt? TryReadPrompt(PromptEndpoint endpoint, string scope, in BodyLease body, out Refusal? refusal)
    {
        refusal = null;
        try
        {
            return prompts.Read(endpoint, scope, body.Bytes.Span);
        }
        catch (InvalidPromptException e)
        {
            refusal = Refusals.InvalidPrompt(e.Message, e.Code, e.Param, e.Status);
            return null;
        }
    }

    private async ValueTask<PromptAnswer> AskAsync(
        HttpContext http, PromptEndpoint endpoint, RequestTerms given, KeyedPrompt prompt, BodyLease body)
    {
        var request = new PromptRequest
        {
            Key = prompt.Key,
            Scope = given.Scope,
            Endpoint = endpoint,
            Head = prompt.Head,
            Body = body.Bytes,
            Directives = given.Directives,
            Tags = given.Tags,
        };
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, draining.Deadline);
        try
        {
            return await owners.AskAsync(request, leaving.Token);
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            return new PromptAnswer { Source = CacheSource.Miss, Refusal = Refusals.Stopping };
        }
    }

    private static Task RefuseAsync(HttpContext http, WalkOutcome outcome, Refusal refusal)
    {
        outcome.Status = refusal.Status;
        return ErrorWriter.WriteAsync(http, refusal);
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
