using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Core.Upstream;

/// <summary>A span, a duration and the tokens of every call, until the end of its answer; a log line when there is none.</summary>
internal sealed class InstrumentedUpstream(
    IUpstream inner, string name, string provider, UpstreamMetrics metrics, TimeProvider clock, ILogger logger) : IUpstream, IDisposable
{
    private static readonly ActivitySource Source = new(UpstreamMetrics.MeterName);

    private string Name { get; } = name;

    private string Provider { get; } = provider;

    private UpstreamMetrics Metrics { get; } = metrics;

    private TimeProvider Clock { get; } = clock;

    private ILogger Logger { get; } = logger;

    public async Task<UpstreamAnswer> CallAsync(UpstreamRequest request, CancellationToken cancellationToken)
    {
        var call = new Call(this, request);
        UpstreamAnswer answer;
        try
        {
            answer = await inner.CallAsync(request, cancellationToken);
        }
        catch (Exception e)
        {
            call.Fail(e);
            throw;
        }

        if (answer.Events is null)
        {
            call.End(answer.Status, Metrics.CountsTokens ? UsageFinder.Find(answer.Body.Span) : null);
            return answer;
        }

        return new UpstreamAnswer(answer.Status, call.WatchAsync(answer, CancellationToken.None), answer.SawDone, answer.Headers, () =>
        {
            call.Abandon();
            return answer.DisposeAsync();
        });
    }

    public Task<UpstreamAnswer> ListModelsAsync(CancellationToken cancellationToken) => inner.ListModelsAsync(cancellationToken);

    public void Dispose() => (inner as IDisposable)?.Dispose();

    private static string OperationOf(PromptEndpoint endpoint) => endpoint switch
    {
        PromptEndpoint.ChatCompletions => "chat",
        PromptEndpoint.Completions => "text_completion",
        _ => "embeddings",
    };

    private sealed class Call
    {
        private readonly InstrumentedUpstream _owner;
        private readonly TagList _tags;
        private readonly long _start;
        private readonly Activity? _span;
        private int _ended;

        public Call(InstrumentedUpstream owner, UpstreamRequest request)
        {
            _owner = owner;
            var operation = OperationOf(request.Endpoint);
            _tags = owner.Metrics.Tags(operation, request.Model, owner.Name, owner.Provider);
            _start = owner.Clock.GetTimestamp();
            _span = Source.StartActivity(operation, ActivityKind.Client, default(ActivityContext), [.. _tags]);
        }

        public async IAsyncEnumerable<ReadOnlyMemory<byte>> WatchAsync(UpstreamAnswer answer, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var countsTokens = _owner.Metrics.CountsTokens;
            TokenUsage? usage = null;
            await using var events = answer.Events!.GetAsyncEnumerator(cancellationToken);
            while (await MoveNextAsync(events))
            {
                if (countsTokens) usage = UsageFinder.Find(events.Current.Span) ?? usage;
                yield return events.Current;
            }

            End(answer.Status, usage);
        }

        public void End(int status, TokenUsage? usage)
        {
            if (usage is { } used) _owner.Metrics.Used(used, _tags);
            Close(status >= 400 ? status.ToString(CultureInfo.InvariantCulture) : null);
        }

        public void Fail(Exception exception)
        {
            if (exception is UpstreamException fault) UpstreamLog.Faulted(_owner.Logger, _owner.Name, fault.Fault, fault.Message);
            Close(exception switch
            {
                UpstreamException known => known.Fault.ToString().ToLowerInvariant(),
                OperationCanceledException => "cancelled",
                _ => exception.GetType().FullName,
            });
        }

        /// <summary>The answer was disposed; nothing to say when it had ended.</summary>
        public void Abandon() => Close("cancelled");

        private async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<ReadOnlyMemory<byte>> events)
        {
            try
            {
                return await events.MoveNextAsync();
            }
            catch (Exception e)
            {
                Fail(e);
                throw;
            }
        }

        private void Close(string? error)
        {
            if (Interlocked.Exchange(ref _ended, 1) != 0) return;
            _owner.Metrics.Ended(_owner.Clock.GetElapsedTime(_start), _tags, error);
            if (_span is null) return;
            if (error is not null) _span.SetStatus(ActivityStatusCode.Error).SetTag("error.type", error);
            _span.Dispose();
        }
    }
}
