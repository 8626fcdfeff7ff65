using Microsoft.AspNetCore.Http;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Gateway.Answers;

/// <summary>The headers that say where an answer came from and what it cost.</summary>
internal static class AnswerHeaders
{
    public static void WriteHit(IHeaderDictionary headers, in PromptKey key, Completion completion, long now, TimeSpan elapsed)
    {
        headers["x-cache"] = "HIT";
        headers["x-cache-key"] = key.ToString();
        WriteAge(headers, completion, now);
        headers["server-timing"] = ServerTiming.OfHit(elapsed);
    }

    public static void Write(IHeaderDictionary headers, in PromptKey key, PromptAnswer answer, long now, TimeSpan elapsed)
    {
        headers["x-cache"] = Name(answer.Source);
        headers["x-cache-key"] = key.ToString();
        if (answer is { Completion: { } completion, IsKept: true }) WriteAge(headers, completion, now);
        headers["server-timing"] = ServerTiming.Of(elapsed, answer.StoreTime, answer.UpstreamTime);
        if (answer.StoreDegraded) headers["x-cache-degraded"] = "store";
    }

    public static string Name(CacheSource source) => source switch
    {
        CacheSource.Hit => "HIT",
        CacheSource.Miss => "MISS",
        CacheSource.Coalesced => "COALESCED",
        CacheSource.Bypass => "BYPASS",
        CacheSource.Stale => "STALE",
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, "No x-cache value is known for this source."),
    };

    private static void WriteAge(IHeaderDictionary headers, Completion completion, long now)
    {
        headers.Age = Seconds(now - completion.CreatedAt);
        headers["x-cache-ttl"] = Seconds(completion.FreshUntil - now);
    }

    private static string Seconds(long milliseconds) => SmallNumbers.Text(Math.Max(0, milliseconds) / 1000);
}
