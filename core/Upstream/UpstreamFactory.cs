using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCache.Core.Upstream.OpenAi;
using OrleansCache.Core.Upstream.Recording;
using OrleansCache.Core.Upstream.Simulation;

namespace OrleansCache.Core.Upstream;

/// <summary>Builds what the settings name: kind, recorder, instruments, and the router over all.</summary>
internal sealed class UpstreamFactory(
    IOptions<UpstreamSettings> settings, UpstreamMetrics metrics, TimeProvider clock, ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger(UpstreamMetrics.MeterName);

    public UpstreamRouter Create() => new([.. settings.Value.Upstreams.Select(o => new UpstreamRoute(o.Name, o.Models, Create(o)))]);

    private InstrumentedUpstream Create(UpstreamOptions options)
    {
        Announce(options);
        var (upstream, provider) = options.Kind switch
        {
            UpstreamKind.Simulated => (
                (IUpstream)new SimulatedUpstream(options.Simulation, options.Models, clock, options.IdleTimeout, options.Name), "simulated"),
            UpstreamKind.Replay => (
                new ReplayUpstream(options.ReplayFrom!, options.ReplayTiming, options.Models, clock, _logger), "replay"),
            _ => (new OpenAiUpstream(options, ReadKey(options), clock), "openai"),
        };
        if (options.RecordTo is { } file)
            upstream = new RecordingUpstream(upstream, new RecordingFile(file), options.Name, clock, _logger);
        return new InstrumentedUpstream(upstream, options.Name, provider, metrics, clock, _logger);
    }

    private static string? ReadKey(UpstreamOptions options) =>
        UpstreamKey.TryRead(options, out var key) is { } wrong ? throw new OptionsValidationException(options.Name, typeof(UpstreamOptions), [wrong]) : key;

    private void Announce(UpstreamOptions options)
    {
        if (settings.Value.IsFallback)
        {
            UpstreamLog.Simulated(_logger, options.Name);
            return;
        }

        UpstreamLog.Configured(_logger, options.Name, options.Kind, options.BaseUrl ?? (options.Kind == UpstreamKind.OpenAI ? OpenAiUpstream.DefaultBaseUrl : "-"));
        if (options is { Kind: UpstreamKind.OpenAI, BaseUrl: { } url } && new Uri(url) is { IsLoopback: false, Scheme: "http" })
            UpstreamLog.PlainHttp(_logger, options.Name, options.Path + ":BaseUrl");
    }
}
