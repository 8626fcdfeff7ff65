using System.Diagnostics.Metrics;

namespace OrleansCache.Core.Keys;

/// <summary>Measures of the key step: meter <c>OrleansCache.Keys</c>. A body that the memo knows is not counted: it costs nothing worth a counter.</summary>
public sealed class KeysMetrics
{
    private readonly Meter _meter;
    private readonly Counter<long> _read;
    private readonly Counter<long> _refused;

    /// <summary>Makes the instruments.</summary>
    public KeysMetrics(IMeterFactory meters)
    {
        _meter = meters.Create("OrleansCache.Keys");
        _read = _meter.CreateCounter<long>(
            "orleanscache.keys.canonicalized", "{prompt}", "Bodies brought into canonical form because the memo did not know them.");
        _refused = _meter.CreateCounter<long>("orleanscache.keys.refused", "{request}", "Bodies that are not a prompt, by error code.");
    }

    internal void ObserveMemo(Func<int> count) =>
        _meter.CreateObservableGauge("orleanscache.keys.memo.entries", count, "{entry}", "Bodies whose key is remembered.");

    internal void Read(PromptEndpoint endpoint) => _read.Add(1, Tag(endpoint));

    internal void Refused(PromptEndpoint endpoint, string code) =>
        _refused.Add(1, Tag(endpoint), new KeyValuePair<string, object?>("error.type", code));

    private static KeyValuePair<string, object?> Tag(PromptEndpoint endpoint) => new("endpoint", endpoint switch
    {
        PromptEndpoint.ChatCompletions => "chat.completions",
        PromptEndpoint.Completions => "completions",
        _ => "embeddings",
    });
}
