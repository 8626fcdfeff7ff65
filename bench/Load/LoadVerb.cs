using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace OrleansCache.Bench.Load;

/// <summary>
/// The load process: takes orders from standard input, a line each, and answers each with a line of JSON. <c>each COUNT</c> asks for
/// COUNT prompts once, <c>run SECONDS</c> runs a round,
/// <c>burst NUMBER</c> asks for one prompt on all of its connections at once.
/// </summary>
internal static class LoadVerb
{
    public static async Task<int> RunAsync(string jobText)
    {
        var job = JsonSerializer.Deserialize<LoadJob>(jobText)!;
        var threads = Enumerable.Range(0, job.Threads).Select(thread => new LoadThread(job, thread)).ToList();
        while (await Console.In.ReadLineAsync() is { } order)
        {
            var number = double.Parse(order.Split(' ')[1], CultureInfo.InvariantCulture);
            if (order.StartsWith("burst", StringComparison.Ordinal))
            {
                Console.WriteLine(JsonSerializer.Serialize(await Burst.RunAsync(job, (long)number)));
                continue;
            }

            var result = order.StartsWith("each", StringComparison.Ordinal)
                ? Measure(threads[..1], thread => thread.RunThrough(Numbers(job.FirstKey, (long)number)))
                : Measure(threads, thread => thread.RunFor(TimeSpan.FromSeconds(number)));
            Console.WriteLine(JsonSerializer.Serialize(result));
        }

        return 0;
    }

    private static LoadResult Measure(List<LoadThread> threads, Func<LoadThread, LatencyHistogram> run)
    {
        var wrong = threads.Sum(thread => thread.Wrong);
        var latencies = new LatencyHistogram();
        var started = Stopwatch.GetTimestamp();
        var workers = threads.Select(thread => Start(() =>
        {
            var own = run(thread);
            lock (latencies) latencies.Add(own);
        })).ToList();
        foreach (var worker in workers) worker.Join();
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return LoadResult.Of(latencies, seconds, threads.Sum(thread => thread.Wrong) - wrong);
    }

    private static Thread Start(Action work)
    {
        var thread = new Thread(() => work());
        thread.Start();
        return thread;
    }

    private static IEnumerable<long> Numbers(long first, long count)
    {
        for (var i = 0L; i < count; i++) yield return first + i;
    }
}
