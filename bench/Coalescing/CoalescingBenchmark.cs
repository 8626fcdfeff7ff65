using System.Text.Json;
using OrleansCache.Bench.Harness;
using OrleansCache.Bench.Load;
using OrleansCache.Bench.Servers;

namespace OrleansCache.Bench.Coalescing;

/// <summary>Many callers, one new prompt, all at once.</summary>
internal sealed class CoalescingBenchmark : IBenchmark
{
    private const int UpstreamMilliseconds = 2000;

    public string Name => "coalescing";

    public string About => "many identical requests at once: upstream calls, time until all are answered";

    public async Task RunAsync(BenchContext context)
    {
        var table = new Table(
            $"Identical requests at once, upstream answers after {UpstreamMilliseconds / 1000} s",
            "requests", "upstream calls", "target", "answers", "all sent, s", "all answered after the upstream, s");
        foreach (var callers in (int[])[1_000, 10_000])
        {
            using var folder = new TempFolder();
            using var upstream = await ServerProcess.FloorAsync(context.Cores, 1 << 10, UpstreamMilliseconds);
            using var server = await ServerProcess.StandaloneAsync(context.Cores, folder.Path, StandaloneSettings.UpstreamAt(upstream.Port));
            await BurstAsync(context, server, 16, number: 0);
            var before = await CallsAsync(upstream);
            var burst = await BurstAsync(context, server, callers, number: 1);
            var calls = await CallsAsync(upstream) - before;
            table.Add(
                $"{callers:N0}", $"{calls}", Target.AtMost(calls, 1),
                string.Join(", ", burst.Sources.OrderBy(static pair => pair.Value).Select(static pair => $"{pair.Value:N0} {pair.Key}")),
                $"{burst.SentSeconds:0.00}", $"{burst.Seconds - (UpstreamMilliseconds / 1000.0):0.00}");
        }

        context.Print(table);
    }

    private static async Task<BurstResult> BurstAsync(BenchContext context, ServerProcess server, int callers, long number)
    {
        using var load = new LoadProcess(
            context.Cores, new LoadJob { Port = server.Port, Connections = callers, BodyBytes = 600, Threads = 0 });
        var result = await load.BurstAsync(number);
        return result.Wrong == 0 ? result : throw new InvalidDataException($"{result.Wrong} of {callers} answers were errors.");
    }

    private static async Task<long> CallsAsync(ServerProcess upstream)
    {
        using var http = new HttpClient();
        using var answer = JsonDocument.Parse(await http.GetByteArrayAsync(new Uri($"http://127.0.0.1:{upstream.Port}/calls")));
        return answer.RootElement.GetProperty("calls").GetInt64();
    }
}
