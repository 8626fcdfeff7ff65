using OrleansCache.Bench.Harness;
using OrleansCache.Bench.Load;
using OrleansCache.Bench.Servers;

namespace OrleansCache.Bench.Hits;

/// <summary>One round of one contestant.</summary>
internal sealed record Round(LoadResult Load, double ProcessorMicroseconds);

/// <summary>
/// Rounds of the floor and of the cache in turns, so that whatever else the machine does meets both. Ratios are taken of neighbours,
/// and of these the median.
/// </summary>
internal sealed class Contest
{
    private readonly List<(Round Floor, Round Ours)> _rounds = [];

    public static async Task<Contest> RunAsync(BenchContext context, LoadJob toFloor, ServerProcess floor, LoadJob toOurs, ServerProcess ours, TimeSpan warm)
    {
        var contest = new Contest();
        using var floorLoad = new LoadProcess(context.Cores, toFloor);
        using var oursLoad = new LoadProcess(context.Cores, toOurs);
        await floorLoad.EachAsync(toFloor.Keys);
        await oursLoad.EachAsync(toOurs.Keys);
        await WarmAsync(floorLoad, oursLoad, warm);
        for (var i = 0; i < context.Rounds; i++)
        {
            var (pair, disturbed) = await Quiet.MeasureAsync(
                context,
                () => floorLoad.ProcessorTime + oursLoad.ProcessorTime + floor.ProcessorTime + ours.ProcessorTime,
                async () => (await RoundAsync(context, floorLoad, floor), await RoundAsync(context, oursLoad, ours)));
            contest._rounds.Add(pair);
            if (disturbed) contest.Disturbed++;
        }

        return contest;
    }

    /// <summary>How many rounds were disturbed to the last attempt.</summary>
    public int Disturbed { get; private set; }

    public double OfFloor(Func<Round, double> value) => _rounds.Select(round => value(round.Floor)).Median();

    public double OfOurs(Func<Round, double> value) => _rounds.Select(round => value(round.Ours)).Median();

    /// <summary>Ours as a share of the floor's.</summary>
    public double Ratio(Func<Round, double> value) => _rounds.Select(round => value(round.Ours) / value(round.Floor)).Median();

    /// <summary>The least and the largest of the ratios, to show how much they vary.</summary>
    public string Spread(Func<Round, double> value)
    {
        var ratios = _rounds.Select(round => value(round.Ours) / value(round.Floor)).ToList();
        return $"{ratios.Min():0.00}–{ratios.Max():0.00}";
    }

    // In slices: code is compiled again in the background, and on one core that is loaded without a pause it hardly gets to it.
    private static async Task WarmAsync(LoadProcess floorLoad, LoadProcess oursLoad, TimeSpan warm)
    {
        const int slices = 8;
        for (var i = 0; i < slices; i++)
        {
            await floorLoad.WarmAsync(warm / slices);
            await Task.Delay(warm / slices / 4, TimeProvider.System);
            await oursLoad.WarmAsync(warm / slices);
            await Task.Delay(warm / slices / 4, TimeProvider.System);
        }
    }

    private static async Task<Round> RoundAsync(BenchContext context, LoadProcess load, ServerProcess server)
    {
        var before = server.ProcessorTime;
        var result = await load.RunAsync(context.RoundTime);
        return new Round(result, (server.ProcessorTime - before).TotalMicroseconds / result.Requests);
    }
}
