using OrleansCache.Bench.Harness;
using OrleansCache.Bench.Load;
using OrleansCache.Bench.Servers;

namespace OrleansCache.Bench.Hits;

/// <summary>Hits from memory over HTTP beside the floor.</summary>
internal sealed class HitsBenchmark : IBenchmark
{
    private const int Connections = 64;
    private const double LeastRate = 0.85;
    private const double MostP99 = 1.5;

    public string Name => "hits";

    public string About => "hits over HTTP, beside a bare Kestrel endpoint";

    public async Task RunAsync(BenchContext context)
    {
        var rates = new Table(
            $"Hits per second, {Connections} connections", "prompts", "request", "answer", "floor/s", "cache/s", "ratio", "least–most", "target", "disturbed");
        var times = new Table(
            "Time of a hit under that load, and the server's processor time",
            "prompts", "request", "answer", "floor p50 µs", "cache p50 µs", "floor p99 µs", "cache p99 µs", "p99 ratio", "target", "floor CPU µs", "cache CPU µs");
        await RunAsync(context, 1 << 10, [(1, 600), (10_000, 600), (1, 8 << 10), (10_000, 8 << 10)], rates, times);
        await RunAsync(context, 32 << 10, [(1, 600), (10_000, 600)], rates, times);
        context.Print(rates);
        context.Print(times);
    }

    private static async Task RunAsync(BenchContext context, int answerBytes, (int Keys, int BodyBytes)[] loads, Table rates, Table times)
    {
        using var folder = new TempFolder();
        using var floor = await ServerProcess.FloorAsync(context.Cores, answerBytes);
        using var ours = await ServerProcess.StandaloneAsync(
            context.Cores, folder.Path, [StandaloneSettings.MuchMemory, .. StandaloneSettings.UpstreamAt(floor.Port)]);
        var warm = context.WarmTime;
        foreach (var (keys, bodyBytes) in loads)
        {
            BenchContext.Say($"{keys} prompts, {bodyBytes} bytes to ask, {answerBytes} to answer");
            var job = new LoadJob { Port = floor.Port, Connections = Connections, BodyBytes = bodyBytes, Keys = keys, Threads = CoreSplit.ClientThreads };
            var contest = await Contest.RunAsync(context, job, floor, job with { Port = ours.Port, Expect = "x-cache: HIT" }, ours, warm);
            BenchContext.Say($"  {contest.Ratio(static round => round.Load.PerSecond):0.00} of the floor's hits a second");
            Report(context, contest, [keys == 1 ? "one" : $"{keys:N0}, Zipf 1.0", $"{bodyBytes:N0} B", $"{answerBytes:N0} B"], rates, times);
            warm = context.WarmTime / 4;
        }
    }

    private static void Report(BenchContext context, Contest contest, string[] load, Table rates, Table times)
    {
        var rate = contest.Ratio(static round => round.Load.PerSecond);
        rates.Add([
            .. load, $"{contest.OfFloor(static round => round.Load.PerSecond):N0}", $"{contest.OfOurs(static round => round.Load.PerSecond):N0}",
            $"{rate:0.00}", contest.Spread(static round => round.Load.PerSecond), Target.AtLeast(rate, LeastRate),
            $"{contest.Disturbed} of {context.Rounds}"]);
        var p99 = contest.Ratio(static round => round.Load.P99);
        times.Add([
            .. load, $"{contest.OfFloor(static round => round.Load.Median):N0}", $"{contest.OfOurs(static round => round.Load.Median):N0}",
            $"{contest.OfFloor(static round => round.Load.P99):N0}", $"{contest.OfOurs(static round => round.Load.P99):N0}", $"{p99:0.00}",
            Target.AtMost(p99, MostP99),
            $"{contest.OfFloor(static round => round.ProcessorMicroseconds):0.0}", $"{contest.OfOurs(static round => round.ProcessorMicroseconds):0.0}"]);
    }
}
