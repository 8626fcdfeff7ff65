using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts.Answers;
using OrleansCache.Core.Prompts.Flights;
using OrleansCache.Core.Prompts.Memory;
using OrleansCache.Core.Storage;

namespace OrleansCache.Core.Prompts;

/// <summary>
/// The one object that answers for a prompt: holds its completion in memory, lets concurrent callers share one flight, and retires when it
/// holds neither. The standalone keeps owners in a dictionary, the cluster wraps each in a grain.
/// </summary>
/// <remarks>
/// Completion, flight and retirement change under one lock; nothing is awaited and the memory budget is not called while it is held.
/// Reading the completion takes no lock.
/// </remarks>
public sealed class PromptOwner : MemoryNode
{
    private readonly PromptServices _services;
    private readonly MemoryBudget _memory;
    private readonly Action<PromptOwner> _retire;
    private readonly PromptKey _key;
    private Completion? _completion;
    private Flight? _flight;
    private bool _retired;

    /// <summary>Creates the owner of a prompt that nothing is known about yet.</summary>
    /// <param name="key">The prompt.</param>
    /// <param name="services">Upstream, store, rules.</param>
    /// <param name="memory">The bound that the completion counts against.</param>
    /// <param name="retire">Called once, when the owner holds nothing more and answers no more.</param>
    public PromptOwner(PromptKey key, PromptServices services, MemoryBudget memory, Action<PromptOwner> retire)
    {
        _key = key;
        _services = services;
        _memory = memory;
        _retire = retire;
    }

    /// <summary>The prompt.</summary>
    public ref readonly PromptKey Key => ref _key;

    /// <inheritdoc/>
    protected internal override ulong KeyHash => _key.Prefix;

    internal Flight? CurrentFlight => Volatile.Read(ref _flight);

    /// <summary>The completion in memory, when it answers a request with these directives.</summary>
    public Completion? TryGetFresh(CacheDirectives directives, long now)
    {
        var completion = Volatile.Read(ref _completion);
        if (completion is null || !Freshness.IsFresh(completion, directives, now)) return null;
        _memory.Touch(this);
        return completion;
    }

    /// <summary>Answers, from memory, by joining the flight, or by starting one.</summary>
    /// <returns>Null when this owner has retired in the meantime: ask for the prompt's owner again.</returns>
    /// <exception cref="OperationCanceledException">The caller has left.</exception>
    public async ValueTask<PromptAnswer?> AskAsync(PromptRequest request, CancellationToken cancellationToken)
    {
        if (request.Directives.OnlyIfCached) return await AnswerFromCacheAsync(request, cancellationToken);
        while (true)
        {
            var (answer, flight, leads) = Board(request);
            if (leads) _ = flight!.RunAsync();
            if (answer is not null || flight is null) return answer;

            answer = await flight.WaitAsync(request.Head.Stream, leads, cancellationToken);
            if (leads || IsAcceptable(answer, request.Directives)) return answer;
        }
    }

    /// <summary>Takes an answer that did not come through a flight.</summary>
    /// <returns>Null when it was stored, else the reason why not.</returns>
    public async ValueTask<string?> PutAsync(PromptRequest request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        try
        {
            var verdict = StorageGate.Judge(request.Endpoint, 200, body.Span, endedProperly: true);
            if (!verdict.Stores) return verdict.Reason;

            var purges = _services.Purges;
            var completion = Completions.Make(_services, request, body.ToArray(), verdict.Usage, TimeSpan.Zero);
            var write = await _services.Store.PutAsync(new StoredCompletion(_key, completion, request.Body.ToArray()), cancellationToken);
            Hold(completion, purges);
            return write == StoreWrite.Dropped ? "store_unavailable" : null;
        }
        finally
        {
            RetireWhenEmpty();
        }
    }

    /// <summary>Drops what a purge names; a flight under way is delivered but not kept.</summary>
    public void Purge(EntryFilter filter)
    {
        bool dropped;
        lock (_services.GateOf(_key))
        {
            dropped = _completion is { } completion && filter.Matches(_key, completion);
            if (dropped) _completion = null;
            if (_flight is { } flight && filter.Matches(_key, flight.Request.Scope, flight.Request.Head.Model, flight.Request.Tags))
                flight.Purged = true;
        }

        if (dropped) Recharge();
    }

    /// <summary>Makes room: the budget has chosen this owner's completion to leave memory.</summary>
    public void Evict()
    {
        lock (_services.GateOf(_key)) _completion = null;
        Recharge();
    }

    private (PromptAnswer? Answer, Flight? Flight, bool Leads) Board(PromptRequest request)
    {
        var now = _services.Now;
        lock (_services.GateOf(_key))
        {
            if (_retired) return default;
            if (_completion is { } held)
            {
                if (Freshness.IsFresh(held, request.Directives, now)) return (Held(held, CacheSource.Hit), null, false);
                if (_services.Freshness.MayServeWhileRevalidating(held, request.Directives, now))
                {
                    var starts = _flight is null;
                    if (starts) Open(Refresh(request), readStore: false);
                    return (Held(held, CacheSource.Stale), _flight, starts);
                }
            }

            var leads = _flight is null or { IsCancelled: true };
            if (leads) Open(request, readStore: _completion is null && !request.Directives.NoCache);
            _flight!.Board();
            return (null, _flight, leads);
        }
    }

    private void Open(PromptRequest request, bool readStore)
    {
        _flight = new Flight(
            _services,
            request,
            new FlightPlan { ReadStore = readStore, Older = _completion, After = _flight?.Ended ?? Task.CompletedTask },
            OnLanded);
    }

    private static PromptAnswer Held(Completion completion, CacheSource source) =>
        new() { Source = source, Completion = completion, IsKept = true };

    /// <summary>A flight that ended in the store's answer was judged by its leader's directives; a joiner's may be stricter.</summary>
    private bool IsAcceptable(PromptAnswer answer, CacheDirectives directives) => answer switch
    {
        { Source: CacheSource.Hit, Completion: { } hit } => Freshness.IsFresh(hit, directives, _services.Now),
        { Source: CacheSource.Stale } => !directives.NoCache && directives.MaxAge is null,
        _ => true,
    };

    private async ValueTask<PromptAnswer?> AnswerFromCacheAsync(PromptRequest request, CancellationToken cancellationToken)
    {
        if (TryGetFresh(request.Directives, _services.Now) is { } held) return Held(held, CacheSource.Hit);
        try
        {
            var started = _services.Clock.GetTimestamp();
            var read = await _services.Store.GetAsync(_key, cancellationToken);
            var found = read.Completion is { } stored && Freshness.IsFresh(stored, request.Directives, _services.Now) ? stored : null;
            return new PromptAnswer
            {
                Source = found is null ? CacheSource.Miss : CacheSource.Hit,
                Completion = found,
                Refusal = found is null ? Refusals.NotCached : null,
                StoreTime = _services.Clock.GetElapsedTime(started),
                StoreDegraded = !read.Available,
                IsKept = true,
            };
        }
        finally
        {
            RetireWhenEmpty();
        }
    }

    private bool OnLanded(Flight flight, FlightOutcome outcome)
    {
        var loaded = outcome.Source is not null;
        bool held;
        Flight? next = null;
        lock (_services.GateOf(_key))
        {
            // What was stored leaves the store before the next flight can find it there.
            if (flight.Purged && outcome.Keep) return false;
            if (ReferenceEquals(_flight, flight)) _flight = null;
            held = !flight.Purged && (loaded ? _services.Purges == flight.PurgesAtStart : outcome.Keep);
            if (held) _completion = outcome.Completion;
            if (outcome.Revalidate && _flight is null)
            {
                Open(Refresh(flight.Request), readStore: false);
                next = _flight;
            }
        }

        if (held) Recharge();
        else RetireWhenEmpty();
        _ = next?.RunAsync();
        return true;
    }

    /// <summary>What is fetched behind a stale answer: for everybody, so only the time to live is kept of what one caller asked.</summary>
    private static PromptRequest Refresh(PromptRequest request) =>
        request with { Directives = CacheDirectives.None with { Ttl = request.Directives.Ttl } };

    private void Hold(Completion completion, long purges)
    {
        lock (_services.GateOf(_key))
        {
            if (_retired || purges != _services.Purges) return;
            _completion = completion;
        }

        Recharge();
    }

    /// <summary>Brings the charge in line with what is held. Whoever changed the completion calls this after the lock is released.</summary>
    private void Recharge()
    {
        var completion = Volatile.Read(ref _completion);
        if (completion is null) _memory.Remove(this);
        else if (!_memory.Add(this, Completions.ChargeOf(completion))) Forget(completion);
        if (!ReferenceEquals(completion, Volatile.Read(ref _completion))) Recharge();
        RetireWhenEmpty();
    }

    /// <summary>Too large for memory: the store has it.</summary>
    private void Forget(Completion completion)
    {
        lock (_services.GateOf(_key))
        {
            if (ReferenceEquals(_completion, completion)) _completion = null;
        }
    }

    private void RetireWhenEmpty()
    {
        lock (_services.GateOf(_key))
        {
            if (_retired || _completion is not null || _flight is not null) return;
            _retired = true;
        }

        _retire(this);
    }
}
