using System.Diagnostics.Metrics;
using OrleansCache.Core.Upstream;

namespace OrleansCache.Core.Prompts;

/// <summary>Meter <c>OrleansCache.Prompts</c>.</summary>
public sealed class PromptMetrics
{
    private readonly Counter<long> _notStored;
    private readonly Counter<long> _failed;

    /// <summary>Creates the instruments.</summary>
    public PromptMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("OrleansCache.Prompts");
        _notStored = meter.CreateCounter<long>(
            "orleanscache.prompt.not_stored", "{answer}", "Answers that were delivered but not stored, by the gate's reason.");
        _failed = meter.CreateCounter<long>(
            "orleanscache.prompt.flight.failures", "{flight}", "Flights that the upstream gave no answer to, by fault.");
    }

    internal void NotStored(string reason) => _notStored.Add(1, new KeyValuePair<string, object?>("reason", reason));

    internal void Failed(UpstreamFault fault) => _failed.Add(1, new KeyValuePair<string, object?>("error.type", fault.ToString()));
}
