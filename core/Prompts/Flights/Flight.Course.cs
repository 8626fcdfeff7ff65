using OrleansCache.Core.Prompts.Answers;
using OrleansCache.Core.Storage;
using OrleansCache.Core.Upstream;

namespace OrleansCache.Core.Prompts.Flights;

/// <summary>What a flight does: read the store, call the upstream, hand on what arrives, pass the gate, write the store.</summary>
internal sealed partial class Flight
{
    private static readonly TimeSpan UnstoreDeadline = TimeSpan.FromSeconds(5);

    private volatile bool _called;
    private bool _storeDegraded;
    private TimeSpan _storeTime;
    private TimeSpan _firstPartTime;
    private long _calledAt;

    /// <summary>Runs the flight to its end. Never throws.</summary>
    public async Task RunAsync()
    {
        Request = Request with { Body = Request.Body.ToArray() };
        _services.CountFlight(+1);
        var outcome = await TryFlyAsync();
        _parts.Close();
        if (!_landed(this, outcome))
        {
            await UnstoreAsync();
            outcome = outcome with { Keep = false };
            _landed(this, outcome);
        }

        _services.CountFlight(-1);
        _ended.TrySetResult(outcome);
        _opened.TrySetResult();
    }

    private async Task<FlightOutcome> TryFlyAsync()
    {
        try
        {
            await _plan.After;
            return await FlyAsync(_cancellation.Token);
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
        {
            return GivenUp(Refusals.Cancelled);
        }
        catch (Exception fault)
        {
            Log.FlightFailed(_services.Logger, fault.GetType().FullName!, fault.StackTrace);
            return GivenUp(Refusals.Internal);
        }
    }

    private async Task<FlightOutcome> FlyAsync(CancellationToken cancellationToken)
    {
        var older = _plan.Older;
        if (_plan.ReadStore)
        {
            var (found, source) = await LoadAsync(cancellationToken);
            if (source is not null)
                return new FlightOutcome { Completion = found, Source = source, Revalidate = source == CacheSource.Stale };
            older = found;
        }

        var outcome = await CallAsync(cancellationToken);
        return outcome.Refusal is { } refusal && outcome.Fault is null ? StandIn(older, refusal) ?? outcome : outcome;
    }

    private async Task<(Completion? Found, CacheSource? Source)> LoadAsync(CancellationToken cancellationToken)
    {
        var started = _services.Clock.GetTimestamp();
        var read = await _services.Store.GetAsync(Request.Key, cancellationToken);
        _storeTime = _services.Clock.GetElapsedTime(started);
        _storeDegraded = !read.Available;
        if (read.Completion is not { } found) return (null, null);
        var now = _services.Now;
        if (Freshness.IsFresh(found, Request.Directives, now)) return (found, CacheSource.Hit);
        return (found, _services.Freshness.MayServeWhileRevalidating(found, Request.Directives, now) ? CacheSource.Stale : null);
    }

    private async Task<FlightOutcome> CallAsync(CancellationToken cancellationToken)
    {
        var call = new UpstreamRequest(Request.Endpoint, Request.Head.Model, Request.Head.Stream, Request.Body);
        _calledAt = _services.Clock.GetTimestamp();
        _called = true;
        try
        {
            await using var answer = await _services.Upstream.CallAsync(call, cancellationToken);
            return answer.Events is { } events
                ? await ReceiveAsync(answer, events, cancellationToken)
                : await TakeAsync(answer);
        }
        catch (UpstreamException fault)
        {
            _services.Metrics.Failed(fault.Fault);
            return new FlightOutcome
            {
                Refusal = UpstreamRefusals.Of(fault),
                Fault = _parts.TryRead(0, out _) ? fault : null,
                UpstreamTime = Elapsed(),
            };
        }
    }

    private async Task<FlightOutcome> TakeAsync(UpstreamAnswer answer)
    {
        var verdict = StorageGate.Judge(Request.Endpoint, answer.Status, answer.Body.Span, endedProperly: true);
        if (verdict.Reason is GateReasons.Status or GateReasons.NotJson or GateReasons.ErrorBody || answer.Body.IsEmpty)
        {
            _services.Metrics.NotStored(verdict.Reason ?? GateReasons.Empty);
            return new FlightOutcome { Refusal = Refusals.PassOn(answer), UpstreamTime = Elapsed() };
        }

        return await KeepAsync(answer.Body.ToArray(), verdict);
    }

    private async Task<FlightOutcome> ReceiveAsync(
        UpstreamAnswer answer, IAsyncEnumerable<ReadOnlyMemory<byte>> events, CancellationToken cancellationToken)
    {
        var folder = new StreamFolder(Request.Endpoint);
        await foreach (var data in events.WithCancellation(cancellationToken))
        {
            var part = folder.Add(data);
            if (_firstPartTime == default) _firstPartTime = Elapsed();
            _parts.Append(part);
            _opened.TrySetResult();
        }

        var body = folder.ToBody();
        var verdict = StorageGate.Judge(Request.Endpoint, answer.Status, body, endedProperly: folder.Fault is null);
        if (body is not null && (verdict.Stores || answer.SawDone())) return await KeepAsync(body, verdict);

        _services.Metrics.NotStored(verdict.Reason ?? GateReasons.Truncated);
        var fault = new UpstreamException(UpstreamFault.Reset, "The upstream's stream ended before its answer was whole.");
        return new FlightOutcome
        {
            Refusal = UpstreamRefusals.Of(fault),
            Fault = answer.SawDone() ? null : fault,
            UpstreamTime = Elapsed(),
        };
    }

    private async Task<FlightOutcome> KeepAsync(byte[] body, GateVerdict verdict)
    {
        _parts.Close();
        var outcome = new FlightOutcome
        {
            Completion = Completions.Make(_services, Request, body, verdict.Usage, Elapsed()),
            UpstreamTime = Elapsed(),
            Keep = verdict.Stores && !_plan.Private,
        };
        if (!verdict.Stores) _services.Metrics.NotStored(verdict.Reason!);
        if (!outcome.Keep || Purged) return outcome;

        var write = await _services.Store.PutAsync(
            new StoredCompletion(Request.Key, outcome.Completion, Request.Body), CancellationToken.None);
        _storeDegraded |= write != StoreWrite.Stored;
        return outcome;
    }

    private FlightOutcome GivenUp(Refusal refusal) => new()
    {
        Refusal = refusal,
        Fault = _parts.TryRead(0, out _)
            ? new UpstreamException(UpstreamFault.Reset, "The call was given up before its answer was whole.")
            : null,
    };

    private FlightOutcome? StandIn(Completion? older, Refusal refusal) =>
        refusal.Status is 429 or >= 500
        && older is not null
        && !Purged
        && PurgesAtStart == _services.Purges
        && _services.Freshness.MayServeOnError(older, Request.Directives, _services.Now)
            ? new FlightOutcome { Completion = older, Source = CacheSource.Stale, UpstreamTime = Elapsed() }
            : null;

    /// <summary>A purge came while the completion was being written: it must not be found again.</summary>
    private async Task UnstoreAsync()
    {
        try
        {
            using var deadline = new CancellationTokenSource(UnstoreDeadline, _services.Clock);
            await _services.Store.PurgeAsync(new EntryFilter { Key = Request.Key }, deadline.Token).WaitAsync(deadline.Token);
        }
        catch (Exception fault)
        {
            Log.UnstoreFailed(_services.Logger, fault.GetType().FullName!);
        }
    }

    private TimeSpan Elapsed() => _services.Clock.GetElapsedTime(_calledAt);
}
