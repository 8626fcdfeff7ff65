namespace OrleansCache.Bench.Load;

/// <summary>Which prompt comes next: the same one, a new one, or by Zipf's law with exponent 1.0 from a fixed seed.</summary>
internal sealed class KeyTrace
{
    private readonly int[] _trace;
    private readonly long _first;
    private long _next;

    public KeyTrace(LoadJob job, int thread)
    {
        _first = job.FirstKey;
        _trace = job.Keys == 0 ? [] : Zipf(job.Keys, job.Keys == 1 ? 1 : 1 << 18, seed: 1);
        // Threads share a sequence of new prompts by taking turns in it, and start at different places of a trace.
        (_next, Step) = job.Keys == 0 ? (thread, job.Threads) : ((long)thread * _trace.Length / job.Threads, 1);
    }

    private int Step { get; }

    public long Next()
    {
        var at = _next;
        _next += Step;
        return _first + (_trace.Length == 0 ? at : _trace[at % _trace.Length]);
    }

    /// <summary>Numbers from 0 to keys-1, number k with a weight of 1/(k+1).</summary>
    public static int[] Zipf(int keys, int length, int seed)
    {
        var random = new Random(seed);
        var cumulative = new double[keys];
        var sum = 0.0;
        for (var i = 0; i < keys; i++) cumulative[i] = sum += 1.0 / (i + 1);
        var trace = new int[length];
        for (var i = 0; i < length; i++)
        {
            var at = Array.BinarySearch(cumulative, random.NextDouble() * sum);
            trace[i] = Math.Min(at < 0 ? ~at : at, keys - 1);
        }

        return trace;
    }
}
