using System.Diagnostics;
using OrleansCache.Bench.Harness;
using OrleansCache.Bench.Load;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Upstream;
using OrleansCache.Core.Upstream.Simulation;

namespace OrleansCache.Bench.Misses;

/// <summary>The simulated upstream, called in this process with nothing in front.</summary>
internal static class DirectCalls
{
    /// <summary>Microseconds of a call.</summary>
    public static async Task<double> MedianAsync(int bodyBytes, int calls)
    {
        var upstream = new SimulatedUpstream();
        var times = new List<double>(calls);
        for (var i = 0; i < calls; i++)
        {
            var request = new UpstreamRequest(
                PromptEndpoint.ChatCompletions, "bench-model", Stream: false, RequestTemplate.BodyOf(i, bodyBytes));
            var started = Stopwatch.GetTimestamp();
            await using (await upstream.CallAsync(request, CancellationToken.None)) times.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
        }

        return times.Skip(calls / 2).Median();
    }
}
