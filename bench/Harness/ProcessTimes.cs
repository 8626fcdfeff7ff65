using System.Globalization;

namespace OrleansCache.Bench.Harness;

/// <summary>What Linux says of the processor time of all processes; zero on other systems.</summary>
internal static class ProcessTimes
{
    private const double TicksPerSecond = 100;

    /// <summary>Of every process with the children that it has buried: what has ended is still counted, in its parent.</summary>
    public static double AllSeconds() =>
        Directory.Exists("/proc/self") ? Directory.EnumerateDirectories("/proc").Where(static path => char.IsAsciiDigit(path[^1])).Sum(SecondsOf) : 0;

    /// <summary>What the host gave to other guests.</summary>
    public static double StolenSeconds() =>
        File.Exists("/proc/stat") ? Number(File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[8]) : 0;

    private static double SecondsOf(string folder)
    {
        try
        {
            var text = File.ReadAllText(Path.Combine(folder, "stat"));
            // The name stands in brackets and may hold anything; user, system, and both of the children come 11 fields after it.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return fields[11..15].Sum(Number);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static double Number(string ticks) => long.Parse(ticks, CultureInfo.InvariantCulture) / TicksPerSecond;
}
