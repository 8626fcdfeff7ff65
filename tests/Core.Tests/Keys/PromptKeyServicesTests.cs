using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansCache.Core.Keys;

namespace OrleansCache.Core.Tests.Keys;

public sealed class PromptKeyServicesTests
{
    [Theory]
    [InlineData("MaxJsonDepth", "15", "from 16 to 512")]
    [InlineData("MaxJsonDepth", "513", "from 16 to 512")]
    [InlineData("MemoEntries", "-1", "from 0 to 16777216")]
    [InlineData("MemoEntries", "16777217", "from 0 to 16777216")]
    [InlineData("Normalization", "7", "Exact or Trim")]
    public void Options_OutOfBounds_FailAtStartAndSayWhich(string setting, string value, string bounds)
    {
        using var services = Build((setting, value));
        var error = Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());
        error.Message.ShouldContain($"OrleansCache:Cache:{setting} is {value};");
        error.Message.ShouldContain(bounds);
    }

    [Fact]
    public void Options_Bound_Apply()
    {
        using var services = Build(("Normalization", "trim"), ("MaxJsonDepth", "16"), ("MemoEntries", "0"));
        var reader = services.GetRequiredService<PromptReader>();
        reader.Read(PromptEndpoint.Completions, "s", """{"model":"m","prompt":" a"}"""u8).Key
            .ShouldBe(reader.Read(PromptEndpoint.Completions, "s", """{"model":"m","prompt":"a"}"""u8).Key);
        var deep = System.Text.Encoding.UTF8.GetBytes("{\"x\":" + new string('[', 16) + new string(']', 16) + "}");
        Should.Throw<InvalidPromptException>(() => reader.Read(PromptEndpoint.Completions, "s", deep)).Code.ShouldBe("json_too_deep");
        services.GetRequiredService<PromptExplainer>().ShouldNotBeNull();
    }

    [Fact]
    public void Metrics_ReadAndRefused_AreCounted()
    {
        using var services = Build();
        using var listener = new MeterListener();
        var meters = services.GetRequiredService<IMeterFactory>();
        var seen = new Dictionary<string, long>();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters)) l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => seen[instrument.Name] = seen.GetValueOrDefault(instrument.Name) + value);
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => seen[instrument.Name] = value);
        listener.Start();

        var reader = services.GetRequiredService<PromptReader>();
        for (var i = 0; i < 3; i++) reader.Read(PromptEndpoint.Completions, "s", """{"model":"m","prompt":"a"}"""u8);
        Should.Throw<InvalidPromptException>(() => reader.Read(PromptEndpoint.Completions, "s", ""u8));
        listener.RecordObservableInstruments();

        seen["orleanscache.keys.canonicalized"].ShouldBe(1);
        seen["orleanscache.keys.refused"].ShouldBe(1);
        seen["orleanscache.keys.memo.entries"].ShouldBe(1);
    }

    private static ServiceProvider Build(params (string Name, string Value)[] settings)
    {
        var section = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => new KeyValuePair<string, string?>(s.Name, s.Value))).Build();
        return new ServiceCollection().AddPromptKeys(section).BuildServiceProvider();
    }
}
