using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using OrleansCache.Core.Upstream;

namespace OrleansCache.Core.Prompts.Flights;

/// <summary>
/// One upstream call in progress, shared by every caller that asks the same prompt. This part is what callers see: they board, wait
/// for the whole answer or read it live, and leave. <c>Flight.Course.cs</c> is what the flight does meanwhile.
/// </summary>
/// <remarks>
/// Callers are counted under the owner's lock. A flight ends in this order: the owner takes the completion and lets the flight go,
/// then the waiting callers are told; so whoever asks after an answer was given finds it in memory.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The token source has neither timer nor wait handle, and callers may cancel after the end.")]
internal sealed partial class Flight
{
    private readonly PromptServices _services;
    private readonly FlightPlan _plan;
    private readonly Func<Flight, FlightOutcome, bool> _landed;
    private readonly PartLog _parts = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<FlightOutcome> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cancellation = new();
    private int _callers;
    private volatile bool _abandoned;

    /// <param name="services">Upstream, store, rules.</param>
    /// <param name="request">The leader's request; its body is copied when the flight starts.</param>
    /// <param name="plan">What to do.</param>
    /// <param name="landed">
    /// Told the outcome before any caller is. False refuses it: a purge came, and what was stored has to leave the store first.
    /// </param>
    public Flight(PromptServices services, PromptRequest request, FlightPlan plan, Func<Flight, FlightOutcome, bool> landed)
    {
        _services = services;
        _plan = plan;
        _landed = landed;
        Request = request;
        PurgesAtStart = services.Purges;
    }

    public PromptRequest Request { get; private set; }

    /// <summary>Purges counted when the flight began: when there are more at its end, what it loaded may have been purged.</summary>
    public long PurgesAtStart { get; }

    /// <summary>Set under the owner's lock when a purge names this prompt: what the flight brings is delivered, not kept.</summary>
    public bool Purged { get; set; }

    /// <summary>Whether it was given up; decided under the owner's lock, so that nobody boards it afterwards.</summary>
    public bool IsCancelled => _abandoned;

    /// <summary>Completes when the flight is over, however it went.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Counts a caller in; under the owner's lock.</summary>
    public void Board() => _callers++;

    /// <summary>Gives the flight up: every caller is told so.</summary>
    public void Cancel()
    {
        _abandoned = true;
        _cancellation.Cancel();
    }

    /// <summary>Waits until there is something to give: the whole answer, or for a caller who wants a stream the first part of a live one.</summary>
    public async Task<PromptAnswer> WaitAsync(bool wantsStream, bool leads, CancellationToken cancellationToken)
    {
        var seat = new Seat(this, cancellationToken);
        try
        {
            if (wantsStream)
            {
                await _opened.Task.WaitAsync(cancellationToken);
                if (_parts.TryRead(0, out _)) return Live(leads, seat, cancellationToken);
            }

            var outcome = await _ended.Task.WaitAsync(cancellationToken);
            seat.Leave();
            return Whole(outcome, leads);
        }
        catch
        {
            seat.Leave();
            throw;
        }
    }

    private PromptAnswer Live(bool leads, Seat seat, CancellationToken cancellationToken) => new()
    {
        Source = SourceFor(leads),
        Parts = ReadAsync(seat, cancellationToken),
        StoreTime = _storeTime,
        UpstreamTime = _firstPartTime,
        StoreDegraded = _storeDegraded,
    };

    private PromptAnswer Whole(FlightOutcome outcome, bool leads) => new()
    {
        Source = outcome.Source ?? SourceFor(leads),
        Completion = outcome.Refusal is null ? outcome.Completion : null,
        Refusal = outcome.Refusal,
        StoreTime = _storeTime,
        UpstreamTime = outcome.UpstreamTime,
        StoreDegraded = _storeDegraded,
        IsKept = outcome.Keep || outcome.Source is not null,
    };

    private CacheSource SourceFor(bool leads) =>
        _plan.Private ? CacheSource.Bypass : leads ? CacheSource.Miss : CacheSource.Coalesced;

    private async IAsyncEnumerable<StreamPart> ReadAsync(Seat seat, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            for (var next = 0; !_parts.IsAtEnd(next);)
            {
                while (_parts.TryRead(next, out var part))
                {
                    next++;
                    yield return part;
                }

                await _parts.WaitAsync(next).WaitAsync(cancellationToken);
            }

            var outcome = await _ended.Task.WaitAsync(cancellationToken);
            if (outcome.Fault is { } fault) throw new UpstreamException(fault.Fault, fault.Message, fault);
        }
        finally
        {
            seat.Leave();
        }
    }

    private void OnLeft()
    {
        lock (_services.GateOf(Request.Key))
        {
            var paidFor = _called && !_plan.Private && _services.Options.AbandonedFlights == AbandonedFlights.Finish;
            if (--_callers > 0 || paidFor || _ended.Task.IsCompleted) return;
            _abandoned = true;
        }

        _cancellation.Cancel();
    }

    /// <summary>One caller's place: left once, when the answer was given, when the caller went away, or when reading stopped.</summary>
    private sealed class Seat
    {
        private readonly Flight _flight;
        private readonly CancellationTokenRegistration _registration;
        private int _left;

        public Seat(Flight flight, CancellationToken cancellationToken)
        {
            _flight = flight;
            _registration = cancellationToken.UnsafeRegister(static seat => ((Seat)seat!).Leave(), this);
        }

        public void Leave()
        {
            if (Interlocked.Exchange(ref _left, 1) != 0) return;
            _registration.Unregister();
            _flight.OnLeft();
        }
    }
}
