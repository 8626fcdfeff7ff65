using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Upstream;
using OrleansCache.Testing;

namespace OrleansCache.Core.Tests.Upstream;

public sealed class InstrumentedUpstreamTests : IDisposable
{
    private readonly ServiceProvider _provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly List<string> _measured = [];
    private readonly ManualClock _clock = new();

    public InstrumentedUpstreamTests()
    {
        var meters = _provider.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _provider.Dispose();
    }

    [Fact]
    public async Task Call_Plain_MeasuresTimeAndTokens()
    {
        await Create((_, _) =>
        {
            _clock.Advance(TimeSpan.FromSeconds(2));
            return Task.FromResult(ScriptedUpstream.Json("""{"x":"\"usage\":{}","usage":{"prompt_tokens":5,"d":{"prompt_tokens":9},"completion_tokens":7}}"""));
        }).CallAsync(ScriptedUpstream.Request("{}"), default);

        _measured.ShouldBe(
        [
            "gen_ai.client.token.usage=5 chat,openai,m,test,input",
            "gen_ai.client.token.usage=7 chat,openai,m,test,output",
            "gen_ai.client.operation.duration=2 chat,openai,m,test",
        ]);
    }

    [Fact]
    public async Task Call_Stream_IsMeasuredAtItsEnd()
    {
        var stream = new ScriptedStream();
        var answer = await Create((_, _) => Task.FromResult(stream.Answer)).CallAsync(ScriptedUpstream.Request("{}", stream: true), default);
        _measured.ShouldBeEmpty();
        _clock.Advance(TimeSpan.FromSeconds(3));
        stream.Push("{\"usage\":null}").Push("{\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":0}}").Complete();

        await foreach (var _ in answer.Events!) _measured.ShouldBeEmpty();
        await answer.DisposeAsync();

        _measured.ShouldBe(["gen_ai.client.token.usage=1 chat,openai,m,test,input", "gen_ai.client.operation.duration=3 chat,openai,m,test"]);
        stream.Disposed.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task Call_Failures_CarryTheirKind()
    {
        var upstream = Create((r, _) => r.Model switch
        {
            "status" => Task.FromResult(ScriptedUpstream.Json("{}", 429)),
            "fault" => throw new UpstreamException(UpstreamFault.Timeout, "late"),
            _ => throw new OperationCanceledException(),
        });

        await upstream.CallAsync(ScriptedUpstream.Request("{}", model: "status"), default);
        await Should.ThrowAsync<UpstreamException>(() => upstream.CallAsync(ScriptedUpstream.Request("{}", model: "fault"), default));
        await Should.ThrowAsync<OperationCanceledException>(() => upstream.CallAsync(ScriptedUpstream.Request("{}", model: "gone"), default));

        _measured.ShouldBe(
        [
            "gen_ai.client.operation.duration=0 chat,openai,status,test,429",
            "gen_ai.client.operation.duration=0 chat,openai,fault,test,timeout",
            "gen_ai.client.operation.duration=0 chat,openai,gone,test,cancelled",
        ]);
    }

    [Fact]
    public async Task Call_ManyModels_AreBounded()
    {
        var upstream = Create((_, _) => Task.FromResult(ScriptedUpstream.Json("{}")));

        for (var i = 0; i < UpstreamMetrics.MaxModels + 50; i++) await upstream.CallAsync(ScriptedUpstream.Request("{}", model: "m" + i), default);

        _measured.Distinct().Count().ShouldBe(UpstreamMetrics.MaxModels + 1);
        _measured[^1].ShouldContain("_other");
    }

    [Fact]
    public void UsageFinder_NoUsage_FindsNone()
    {
        UsageFinder.Find("{\"a\":\"\\\"usage\\\":{\"}"u8).ShouldBeNull();
        UsageFinder.Find("{\"usage\":{\"prompt_tokens\":1"u8).ShouldBeNull();
        UsageFinder.Find("{\"usage\": {\"total\":1,\"completion_tokens\":2} }"u8).ShouldBe(new TokenUsage(0, 2));
    }

    private void Note<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measured.Add($"{instrument.Name}={value} {string.Join(',', tags.ToArray().Select(t => t.Value))}");

    private InstrumentedUpstream Create(Func<UpstreamRequest, CancellationToken, Task<UpstreamAnswer>> handler) =>
        new(new ScriptedUpstream(handler), "test", "openai", new UpstreamMetrics(_provider.GetRequiredService<IMeterFactory>()), _clock, NullLogger.Instance);
}
