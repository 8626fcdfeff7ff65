namespace OrleansCache.Gateway.Admin.Transfer;

/// <summary>What became of a line.</summary>
internal enum WarmOutcome
{
    /// <summary>Its response was stored.</summary>
    Stored,

    /// <summary>There was a fresh entry, which was left alone.</summary>
    Already,

    /// <summary>The upstream was asked, and answered.</summary>
    Asked,

    /// <summary>It was asked and there was an entry.</summary>
    Hit,

    /// <summary>Its <c>fresh_until</c> has passed.</summary>
    Expired,
}

/// <summary>Counts the lines of an upload, and keeps the failures with the lowest line numbers. Used by many threads.</summary>
internal sealed class WarmTally
{
    public const int MaxFailures = 100;

    private readonly Lock _gate = new();
    private readonly long[] _counts = new long[Enum.GetValues<WarmOutcome>().Length];
    private readonly SortedList<long, string> _failures = [];
    private long _failed;

    public void Count(WarmOutcome outcome) => Interlocked.Increment(ref _counts[(int)outcome]);

    public void Fail(long line, string reason)
    {
        lock (_gate)
        {
            _failed++;
            _failures.Add(line, reason);
            if (_failures.Count > MaxFailures) _failures.RemoveAt(MaxFailures);
        }
    }

    public WarmReport Report()
    {
        lock (_gate)
        {
            return new WarmReport(
                _counts.Sum() + _failed,
                _counts[(int)WarmOutcome.Stored],
                _counts[(int)WarmOutcome.Already],
                _counts[(int)WarmOutcome.Asked],
                _counts[(int)WarmOutcome.Hit],
                _counts[(int)WarmOutcome.Expired],
                _failed,
                [.. _failures.Select(static failure => new WarmFailure(failure.Key, failure.Value))]);
        }
    }
}

/// <summary>The answer of <c>POST /admin/warm</c>.</summary>
internal sealed record WarmReport(
    long Lines, long Stored, long Already, long Asked, long Hits, long Expired, long Failed, IReadOnlyList<WarmFailure> Failures);

internal sealed record WarmFailure(long Line, string Reason);
