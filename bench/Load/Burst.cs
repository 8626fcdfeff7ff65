using System.Diagnostics;

namespace OrleansCache.Bench.Load;

/// <summary>What came of a burst.</summary>
internal sealed record BurstResult
{
    /// <summary>Answers by what <c>x-cache</c> said.</summary>
    public required Dictionary<string, int> Sources { get; init; }

    /// <summary>From the first request until all were sent.</summary>
    public required double SentSeconds { get; init; }

    /// <summary>From the first request until the last answer.</summary>
    public required double Seconds { get; init; }

    public required long Wrong { get; init; }
}

/// <summary>The same request on many open connections at once.</summary>
internal static class Burst
{
    private const int SmallBuffer = 4 << 10;

    public static async Task<BurstResult> RunAsync(LoadJob job, long number)
    {
        var request = new RequestTemplate(job.Port, job.BodyBytes).For(number).ToArray();
        var connections = Enumerable.Range(0, job.Connections)
            .Select(_ => new LoadConnection(job.Port, job.Expect, SmallBuffer) { WantsSource = true }).ToList();
        var started = Stopwatch.GetTimestamp();
        var answers = new List<Task>(connections.Count);
        foreach (var connection in connections)
        {
            connection.Ask(request);
            answers.Add(connection.TakeWholeAsync());
        }

        var sent = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await Task.WhenAll(answers);
        var result = new BurstResult
        {
            Sources = connections.GroupBy(static c => c.LastSource, StringComparer.Ordinal).ToDictionary(static g => g.Key, static g => g.Count(), StringComparer.Ordinal),
            SentSeconds = sent,
            Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
            Wrong = connections.Sum(static c => c.Wrong),
        };
        foreach (var connection in connections) connection.Dispose();
        return result;
    }
}
