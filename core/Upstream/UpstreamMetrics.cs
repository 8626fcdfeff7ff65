using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Core.Upstream;

/// <summary>
/// Upstream calls by OpenTelemetry's conventions for generative AI clients. The model's name comes from callers: only the first
/// <see cref="MaxModels"/> are told apart.
/// </summary>
internal sealed class UpstreamMetrics
{
    public const string MeterName = "OrleansCache.Upstream";
    public const int MaxModels = 200;
    private const string OtherModel = "_other";

    private readonly Histogram<double> _duration;
    private readonly Histogram<long> _tokens;
    private readonly ConcurrentDictionary<string, bool> _models = new();

    public UpstreamMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _duration = meter.CreateHistogram(
            "gen_ai.client.operation.duration",
            "s",
            "Time of an upstream call, until the end of its answer.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92] });
        _tokens = meter.CreateHistogram(
            "gen_ai.client.token.usage",
            "{token}",
            "Tokens of an upstream call as the provider counted them.",
            tags: null,
            new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864] });
    }

    public bool CountsTokens => _tokens.Enabled;

    /// <summary>The tags of a call.</summary>
    public TagList Tags(string operation, string model, string upstream, string provider) =>
        new()
        {
            { "gen_ai.operation.name", operation },
            { "gen_ai.provider.name", provider },
            { "gen_ai.request.model", Bounded(model) },
            { "orleanscache.upstream.name", upstream },
        };

    public void Ended(TimeSpan duration, TagList tags, string? error)
    {
        if (error is not null) tags.Add("error.type", error);
        _duration.Record(duration.TotalSeconds, tags);
    }

    public void Used(TokenUsage usage, TagList tags)
    {
        var output = tags;
        tags.Add("gen_ai.token.type", "input");
        _tokens.Record(usage.PromptTokens, tags);
        if (usage.CompletionTokens == 0) return;
        output.Add("gen_ai.token.type", "output");
        _tokens.Record(usage.CompletionTokens, output);
    }

    private string Bounded(string model) =>
        _models.ContainsKey(model) || (_models.Count < MaxModels && _models.TryAdd(model, value: true)) ? model : OtherModel;
}
