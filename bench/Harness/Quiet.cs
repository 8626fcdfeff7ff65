using System.Diagnostics;

namespace OrleansCache.Bench.Harness;

/// <summary>
/// Repeats a measurement while other processes disturb it: when they, or other guests of the same host, take more than a share of the
/// machine meanwhile. Known on Linux only; elsewhere every measurement counts.
/// </summary>
internal static class Quiet
{
    /// <summary>Of all cores together.</summary>
    public const double MostForeign = 0.05;

    /// <summary>Measures, again and again while it is disturbed, but not for ever.</summary>
    /// <param name="context">Says how often.</param>
    /// <param name="ownTime">Processor time of every process that takes part, this one left out.</param>
    /// <param name="measure">The measurement.</param>
    /// <returns>The last result and whether it was disturbed.</returns>
    public static async Task<(T Result, bool Disturbed)> MeasureAsync<T>(BenchContext context, Func<TimeSpan> ownTime, Func<Task<T>> measure)
    {
        for (var attempt = 1; ; attempt++)
        {
            var before = ForeignSeconds(ownTime);
            var started = Stopwatch.GetTimestamp();
            var result = await measure();
            var machine = Stopwatch.GetElapsedTime(started).TotalSeconds * Environment.ProcessorCount;
            var disturbed = ForeignSeconds(ownTime) - before > MostForeign * machine;
            if (!disturbed || attempt == context.Attempts) return (result, disturbed);
        }
    }

    // Not from the machine's totals: those are sampled, and miss what runs for less than a tick at a time.
    private static double ForeignSeconds(Func<TimeSpan> ownTime) =>
        ProcessTimes.AllSeconds() + ProcessTimes.StolenSeconds() - (ownTime() + Environment.CpuUsage.TotalTime).TotalSeconds;
}
