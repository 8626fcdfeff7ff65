namespace OrleansCache.Core.Upstream.OpenAi;

/// <summary>The deadline that a call missed.</summary>
internal enum Deadline
{
    None,
    FirstByte,
    Idle,
    Total,
}

/// <summary>
/// First-byte, idle and total deadline of one call on one timer. The timer is not moved for each read: when it fires it looks how
/// long the pending read has waited and goes back to sleep for the rest.
/// </summary>
internal sealed class CallDeadlines : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly UpstreamOptions _options;
    private readonly CancellationTokenSource _cut;
    private readonly ITimer _timer;
    private readonly long _start;
    private long _waitingSince;
    private bool _inBody;
    private volatile Deadline _missed;

    public CallDeadlines(UpstreamOptions options, TimeProvider clock, CancellationToken caller)
    {
        _options = options;
        _clock = clock;
        Caller = caller;
        _cut = CancellationTokenSource.CreateLinkedTokenSource(caller);
        Token = _cut.Token;
        _start = _waitingSince = clock.GetTimestamp();
        _timer = clock.CreateTimer(
            static state => ((CallDeadlines)state!).Look(), this, Min(options.FirstByteTimeout, options.TotalTimeout), Timeout.InfiniteTimeSpan);
    }

    public CancellationToken Caller { get; }

    /// <summary>Cancelled by the caller or by a missed deadline.</summary>
    public CancellationToken Token { get; }

    public Deadline Missed => _missed;

    /// <summary>The headers are here: from now on the idle deadline counts.</summary>
    public void EnterBody()
    {
        Volatile.Write(ref _inBody, true);
        StopWaiting();
        Arm(Min(_options.IdleTimeout, _options.TotalTimeout - _clock.GetElapsedTime(_start)));
    }

    /// <summary>A read has begun. A reader that pauses between reads is not the upstream's fault.</summary>
    public void StartWaiting() => Volatile.Write(ref _waitingSince, Math.Max(1, _clock.GetTimestamp()));

    public void StopWaiting() => Volatile.Write(ref _waitingSince, 0);

    public void Cut() => _cut.Cancel();

    public void Dispose()
    {
        _timer.Dispose();
        _cut.Dispose();
    }

    private void Look()
    {
        var now = _clock.GetTimestamp();
        var left = _options.TotalTimeout - _clock.GetElapsedTime(_start, now);
        if (left <= TimeSpan.Zero)
        {
            Miss(Deadline.Total);
            return;
        }

        var inBody = Volatile.Read(ref _inBody);
        var limit = inBody ? _options.IdleTimeout : _options.FirstByteTimeout;
        var since = Volatile.Read(ref _waitingSince);
        var quiet = since == 0 ? limit : limit - _clock.GetElapsedTime(since, now);
        if (quiet <= TimeSpan.Zero) Miss(inBody ? Deadline.Idle : Deadline.FirstByte);
        else Arm(Min(left, quiet));
    }

    private void Miss(Deadline deadline)
    {
        _missed = deadline;
        try
        {
            _cut.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call ended while the timer was firing.
        }
    }

    private void Arm(TimeSpan due) =>
        _timer.Change(due < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : due, Timeout.InfiniteTimeSpan);

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
