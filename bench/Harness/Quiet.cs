using System.Diagnostics;
using System.Globalization;

namespace OrleansCache.Bench.Harness;

/// <summary>
/// Repeats a measurement while other processes disturb it: when they, or other guests of the same host, take more than a share of the
/// machine meanwhile. Known on Linux only; elsewhere every measurement counts.
/// </summary>
internal static class Quiet
{
    /// <summary>Of all cores together.</summary>
    public const double MostForeign = 0.05;

    private const double TicksPerSecond = 100;

    /// <summary>Measures, again and again while it is disturbed, but not for ever.</summary>
    /// <param name="context">Says how often.</param>
    /// <param name="ownTime">Processor time of every process that takes part, this one left out.</param>
    /// <param name="measure">The measurement.</param>
    /// <returns>The last result and whether it was disturbed.</returns>
    public static async Task<(T Result, bool Disturbed)> MeasureAsync<T>(BenchContext context, Func<TimeSpan> ownTime, Func<Task<T>> measure)
    {
        for (var attempt = 1; ; attempt++)
        {
            var busy = Busy();
            var own = ownTime() + Environment.CpuUsage.TotalTime;
            var started = Stopwatch.GetTimestamp();
            var result = await measure();
            var machine = Stopwatch.GetElapsedTime(started).TotalSeconds * Environment.ProcessorCount;
            var foreign = Busy() - busy - (ownTime() + Environment.CpuUsage.TotalTime - own).TotalSeconds;
            var disturbed = foreign > MostForeign * machine;
            if (!disturbed || attempt == context.Attempts) return (result, disturbed);
        }
    }

    // user, nice, system, both kinds of interrupts (most kernels count them to the process that they interrupt too) and steal.
    private static double Busy()
    {
        if (!File.Exists("/proc/stat")) return 0;
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return ((int[])[1, 2, 3, 6, 7, 8]).Sum(i => long.Parse(fields[i], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
