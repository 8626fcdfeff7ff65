using System.Globalization;

namespace OrleansCache.Gateway.Answers;

/// <summary><c>server-timing</c>: where the time until the answer was in hand went, in milliseconds.</summary>
internal static class ServerTiming
{
    // Hits take hundredths of a millisecond: up to 10 ms their texts are made once.
    private const int TicksPerStep = (int)(TimeSpan.TicksPerMillisecond / 100);
    private static readonly string?[] Hits = new string[1000];

    public static string OfHit(TimeSpan elapsed)
    {
        var step = elapsed.Ticks / TicksPerStep;
        if ((ulong)step >= (ulong)Hits.Length) return Cache(elapsed);
        return Hits[step] ??= Cache(TimeSpan.FromTicks(step * TicksPerStep));
    }

    public static string Of(TimeSpan elapsed, TimeSpan store, TimeSpan upstream)
    {
        var cache = elapsed - store - upstream;
        var text = Cache(cache < TimeSpan.Zero ? TimeSpan.Zero : cache);
        if (store > TimeSpan.Zero) text += $", store;dur={Milliseconds(store)}";
        if (upstream > TimeSpan.Zero) text += $", upstream;dur={Milliseconds(upstream)}";
        return text;
    }

    private static string Cache(TimeSpan elapsed) => $"cache;dur={Milliseconds(elapsed)}";

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0.00", CultureInfo.InvariantCulture);
}
