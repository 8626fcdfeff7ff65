namespace OrleansCache.Core.Upstream;

/// <summary>How the simulated upstream answers. A request can override most of it; see <c>docs/upstream.md</c>.</summary>
public sealed class SimulationOptions
{
    /// <summary>Time to the first byte. 0 to 10 minutes.</summary>
    /// <value>Default: 0.</value>
    public TimeSpan Latency { get; set; }

    /// <summary>Pace of an answer, in tokens per second. 0 to 1,000,000; 0 is unlimited.</summary>
    /// <value>Default: 0.</value>
    public double TokensPerSecond { get; set; }

    /// <summary>Share of the calls that fail. 0 to 1.</summary>
    /// <value>Default: 0.</value>
    public double FailureRate { get; set; }

    /// <summary>
    /// How they fail, each as likely: a status of 400 to 599 or one of <c>truncate</c>, <c>no_done</c>, <c>malformed</c>,
    /// <c>error</c>, <c>reset</c>, <c>stall</c>.
    /// </summary>
    /// <value>Default: empty, which is <c>500</c>.</value>
    public List<string> Failures { get; set; } = [];

    /// <summary>False puts the number of the call into every answer's id, so that a second call shows; true makes equal prompts get equal ids.</summary>
    /// <value>Default: false.</value>
    public bool StableIds { get; set; }
}
