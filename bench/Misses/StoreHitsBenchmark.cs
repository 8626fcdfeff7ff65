using OrleansCache.Bench.Harness;
using OrleansCache.Bench.Load;
using OrleansCache.Bench.Servers;

namespace OrleansCache.Bench.Misses;

/// <summary>Hits that memory does not hold: the process has just started, the store has the answers.</summary>
internal sealed class StoreHitsBenchmark : IBenchmark
{
    private const int BodyBytes = 600;
    private const double MostMilliseconds = 1;

    public string Name => "store";

    public string About => "hits from the store after a restart";

    public Task RunAsync(BenchContext context) => MeasureAsync(context.OnAllCores);

    private static async Task MeasureAsync(BenchContext context)
    {
        var answers = context.Quick ? 4_000 : 40_000;
        var table = new Table(
            $"Hits from SQLite, {answers:N0} answers of 1 KB, each asked for once after a restart, on all cores",
            "connections", "hits/s", "p50 ms", "p99 ms", "target (p50)");
        using var folder = new TempFolder();
        using (var filler = await ServerProcess.FloorAsync(context.Cores, 1 << 10))
        using (var first = await StartAsync(context, folder, filler.Port))
            await AskAsync(context, first, 64, answers, "x-cache: MISS");

        foreach (var connections in (int[])[1, 8, 64])
        {
            using var server = await StartAsync(context, folder, Launch.FreePort());
            // Compiles the path without touching what is measured: the last tenth.
            await AskAsync(context, server, 1, answers / 10, "x-cache: HIT", answers - (answers / 10));
            var result = await AskAsync(context, server, connections, answers * 9 / 10, "x-cache: HIT");
            table.Add(
                $"{connections}", $"{result.PerSecond:N0}", $"{result.Median / 1000:0.000}", $"{result.P99 / 1000:0.000}",
                connections == 1 ? Target.AtMost(result.Median / 1000, MostMilliseconds, " ms") : Target.None);
        }

        context.Print(table);
    }

    private static Task<ServerProcess> StartAsync(BenchContext context, TempFolder folder, int upstreamPort) =>
        ServerProcess.StandaloneAsync(context.Cores, folder.Path, [StandaloneSettings.MuchMemory, .. StandaloneSettings.UpstreamAt(upstreamPort)]);

    private static async Task<LoadResult> AskAsync(
        BenchContext context, ServerProcess server, int connections, int count, string expect, long first = 0)
    {
        using var load = new LoadProcess(context.Cores, new LoadJob
        {
            Port = server.Port, Connections = connections, BodyBytes = BodyBytes, FirstKey = first, Expect = expect,
        });
        var result = await load.EachAsync(count);
        return result.Wrong == 0 ? result : throw new InvalidDataException($"{result.Wrong} of {count} answers were not '{expect}'.");
    }
}
