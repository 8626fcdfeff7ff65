using System.Diagnostics;
using System.Net.Sockets;

namespace OrleansCache.Bench.Load;

/// <summary>
/// One thread and its share of the connections. It waits for all of them at once and sends the next request as soon as an answer is
/// there: with one thread a core and no tasks, the client costs as little as it can.
/// </summary>
internal sealed class LoadThread
{
    private readonly List<LoadConnection> _connections;
    private readonly List<Socket> _waiting = [];
    private readonly List<Socket> _ready = [];
    private readonly RequestTemplate _template;
    private readonly KeyTrace _trace;

    public LoadThread(LoadJob job, int thread)
    {
        _connections = [.. Enumerable.Range(0, job.Connections)
            .Where(i => i % job.Threads == thread)
            .Select(_ => new LoadConnection(job.Port, job.Expect))];
        _template = new RequestTemplate(job.Port, job.BodyBytes);
        _trace = new KeyTrace(job, thread);
    }

    public long Wrong => _connections.Sum(connection => connection.Wrong);

    /// <summary>Sends until the time is up, then waits for what is on its way without counting it.</summary>
    public LatencyHistogram RunFor(TimeSpan time)
    {
        var end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        return Run(() => Stopwatch.GetTimestamp() < end ? _trace.Next() : null);
    }

    /// <summary>Sends exactly these.</summary>
    public LatencyHistogram RunThrough(IEnumerable<long> numbers)
    {
        using var next = numbers.GetEnumerator();
        return Run(() => next.MoveNext() ? next.Current : null, countsLast: true);
    }

    private LatencyHistogram Run(Func<long?> next, bool countsLast = false)
    {
        var latencies = new LatencyHistogram();
        foreach (var connection in _connections)
            if (next() is { } first)
                Ask(connection, first);
        while (_waiting.Count > 0)
        {
            _ready.Clear();
            _ready.AddRange(_waiting);
            Socket.Select(_ready, null, null, -1);
            foreach (var socket in _ready)
            {
                var connection = (LoadConnection)socket;
                if (!connection.Take()) continue;
                var elapsed = connection.Elapsed;
                var following = next();
                if (following is not null || countsLast) latencies.Record(elapsed);
                if (following is not null) connection.Ask(_template.For(following.Value));
                else _waiting.Remove(connection);
            }
        }

        return latencies;
    }

    private void Ask(LoadConnection connection, long number)
    {
        connection.Ask(_template.For(number));
        _waiting.Add(connection);
    }
}
