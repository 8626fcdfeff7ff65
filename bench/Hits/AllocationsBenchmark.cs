using OrleansCache.Bench.Harness;
using OrleansCache.Bench.Load;
using OrleansCache.Bench.Servers;

namespace OrleansCache.Bench.Hits;

/// <summary>What a server allocates for each hit: where the difference to the floor often comes from.</summary>
internal sealed class AllocationsBenchmark : IBenchmark
{
    public string Name => "allocations";

    public string About => "bytes that the server allocates for each hit";

    public async Task RunAsync(BenchContext context)
    {
        using var folder = new TempFolder();
        using var floor = await ServerProcess.FloorAsync(context.Cores, 1 << 10);
        using var ours = await ServerProcess.StandaloneAsync(context.Cores, folder.Path, StandaloneSettings.UpstreamAt(floor.Port));
        var table = new Table("Allocated for each hit, whole server", "request", "floor B", "cache B", "more B");
        foreach (var bodyBytes in (int[])[600, 8 << 10])
        {
            var job = new LoadJob { Port = floor.Port, Connections = 16, BodyBytes = bodyBytes, Threads = CoreSplit.ClientThreads };
            var atFloor = await PerRequestAsync(context, floor, job);
            var atOurs = await PerRequestAsync(context, ours, job with { Port = ours.Port, Expect = "x-cache: HIT" });
            table.Add($"{bodyBytes:N0} B", $"{atFloor:N0}", $"{atOurs:N0}", $"{atOurs - atFloor:N0}");
        }

        context.Print(table);
    }

    private static async Task<double> PerRequestAsync(BenchContext context, ServerProcess server, LoadJob job)
    {
        using var load = new LoadProcess(context.Cores, job);
        await load.EachAsync(1);
        await load.WarmAsync(context.WarmTime / 2);
        var before = await server.AllocatedAsync();
        var result = await load.RunAsync(context.RoundTime);
        return (double)(await server.AllocatedAsync() - before) / result.Requests;
    }
}
