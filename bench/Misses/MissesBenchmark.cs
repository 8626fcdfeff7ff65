using OrleansCache.Bench.Harness;
using OrleansCache.Bench.Load;
using OrleansCache.Bench.Servers;

namespace OrleansCache.Bench.Misses;

/// <summary>What a miss costs beside the upstream: HTTP, key, flight, gate, store.</summary>
internal sealed class MissesBenchmark : IBenchmark
{
    private const int BodyBytes = 600;
    private const double MostMilliseconds = 0.5;

    public string Name => "misses";

    public string About => "misses over HTTP against the simulated upstream without latency";

    public Task RunAsync(BenchContext context) => MeasureAsync(context.OnAllCores);

    private static async Task MeasureAsync(BenchContext context)
    {
        var direct = await DirectCalls.MedianAsync(BodyBytes, context.Quick ? 2_000 : 20_000);
        var table = new Table(
            $"Misses over HTTP on all cores; the upstream called directly takes {direct:0} µs (median)",
            "store", "connections", "misses/s", "p50 µs", "p99 µs", "added, ms", "target");
        foreach (var (name, settings) in (IEnumerable<(string, string[])>)[("SQLite", []), ("none", [StandaloneSettings.NoStore])])
        {
            using var folder = new TempFolder();
            using var server = await ServerProcess.StandaloneAsync(context.Cores, folder.Path, [StandaloneSettings.Simulated, .. settings]);
            var first = 0L;
            await WarmAsync(context, server);
            foreach (var connections in (int[])[1, 8, 64])
            {
                var result = await MeasureAsync(context, server, connections, first += 100_000_000);
                var added = (result.Median - direct) / 1000;
                table.Add(
                    name, $"{connections}", $"{result.PerSecond:N0}", $"{result.Median:N0}", $"{result.P99:N0}", $"{added:0.00}",
                    connections == 1 ? Target.AtMost(added, MostMilliseconds, " ms") : Target.None);
            }
        }

        context.Print(table);
    }

    private static async Task WarmAsync(BenchContext context, ServerProcess server)
    {
        using var load = new LoadProcess(context.Cores, JobOf(server, connections: 8, first: 0));
        await load.WarmAsync(context.WarmTime);
    }

    private static async Task<LoadResult> MeasureAsync(BenchContext context, ServerProcess server, int connections, long first)
    {
        using var load = new LoadProcess(context.Cores, JobOf(server, connections, first));
        // The load process is new and compiles its own code first.
        await load.WarmAsync(context.RoundTime);
        var (result, disturbed) = await Quiet.MeasureAsync(
            context, () => load.ProcessorTime + server.ProcessorTime, () => load.RunAsync(context.RoundTime * 2));
        if (disturbed) BenchContext.Say($"{connections} connections: disturbed by other processes");
        return result;
    }

    private static LoadJob JobOf(ServerProcess server, int connections, long first) => new()
    {
        Port = server.Port, Connections = connections, BodyBytes = BodyBytes, Keys = 0, FirstKey = first, Expect = "x-cache: MISS",
    };
}
