using Microsoft.AspNetCore.Http;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Gateway;

/// <summary>What becomes of one data request, for statistics.</summary>
internal sealed class WalkOutcome(long started)
{
    public long Started { get; } = started;

    public string Model { get; set; } = "";

    public string Caller { get; set; } = "";

    public CacheSource? Source { get; set; }

    public int Status { get; set; } = StatusCodes.Status200OK;

    public TokenUsage Usage { get; set; }

    public int UpstreamMilliseconds { get; set; }

    public void Take(CacheSource source, Completion completion)
    {
        Source = source;
        Usage = completion.Usage;
        UpstreamMilliseconds = completion.UpstreamMilliseconds;
    }
}
