using System.Runtime;
using System.Runtime.InteropServices;

namespace OrleansCache.Bench.Harness;

/// <summary>The machine, so far as it explains the numbers; nothing that names it.</summary>
internal static class Conditions
{
    public static Table Describe(BenchContext context) => new Table("Conditions", "what", "value")
        .Add("CPU", CpuModel())
        .Add("cores", Environment.ProcessorCount.ToString())
        .Add("servers and clients", context.Cores.ToString())
        .Add("memory", $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20:N0} MiB")
        .Add("system", RuntimeInformation.OSDescription)
        .Add(".NET", RuntimeInformation.FrameworkDescription)
        .Add("GC", $"{(GCSettings.IsServerGC ? "server" : "workstation")}, {(GCSettings.LatencyMode == GCLatencyMode.Batch ? "not concurrent" : "concurrent")}; the same in every process")
        .Add("load average before", LoadAverage())
        .Add("rounds", $"{context.Rounds} of {context.RoundTime.TotalSeconds:0.#} s for each contestant, in turns; medians")
        .Add("disturbed", $"other processes took over {Quiet.MostForeign:0%} of the machine: repeated, up to {context.Attempts - 1} times");

    /// <summary>Processes that ran or wanted to, over the last minute.</summary>
    public static string LoadAverage() => TryRead("/proc/loadavg") is { } text ? text.Split(' ')[0] : "unknown";

    private static string CpuModel() =>
        TryRead("/proc/cpuinfo")?.Split('\n').FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))?
            .Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();

    private static string? TryRead(string path) => File.Exists(path) ? File.ReadAllText(path) : null;
}
