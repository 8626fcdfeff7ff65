namespace OrleansCache.Gateway.Statistics;

/// <summary>
/// The last five minutes: the totals are noted every <see cref="Step"/>, and the window is what was added since the oldest note. It
/// costs the requests nothing.
/// </summary>
internal sealed class RecentWindow : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);
    private const int Steps = 10;

    private readonly Lock _gate = new();
    private readonly Queue<(DateTimeOffset At, CounterSum Total)> _notes = new();
    private readonly TimeProvider _clock;
    private readonly Func<CounterSum> _total;
    private readonly ITimer _timer;

    public RecentWindow(TimeProvider clock, Func<CounterSum> total)
    {
        _clock = clock;
        _total = total;
        _notes.Enqueue((clock.GetUtcNow(), new CounterSum()));
        _timer = clock.CreateTimer(static window => ((RecentWindow)window!).Note(), this, Step, Step);
    }

    /// <summary>What was counted in the window, and how long it is: five minutes, less only after the start, at most a step more.</summary>
    public (CounterSum Sum, TimeSpan Length) Read()
    {
        lock (_gate)
        {
            var (at, earlier) = _notes.Peek();
            return (_total().Minus(earlier), _clock.GetUtcNow() - at);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Note()
    {
        lock (_gate)
        {
            _notes.Enqueue((_clock.GetUtcNow(), _total()));
            if (_notes.Count > Steps + 1) _notes.Dequeue();
        }
    }
}
