using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansCache.Core.Upstream;
using OrleansCache.Testing;

namespace OrleansCache.Core.Tests.Upstream;

public sealed class UpstreamSettingsTests
{
    private const string First = "OrleansCache:Upstreams:0:";

    [Fact]
    public void Read_Nothing_Simulates()
    {
        var settings = Read();

        settings.IsFallback.ShouldBeTrue();
        settings.Upstreams.ShouldHaveSingleItem().Kind.ShouldBe(UpstreamKind.Simulated);
    }

    [Fact]
    public void Read_KeyVariable_AsksOpenAi()
    {
        var upstream = Read(("OPENAI_API_KEY", " sk-1 ")).Upstreams.ShouldHaveSingleItem();

        (upstream.Name, upstream.Kind, upstream.BaseUrl, upstream.ApiKey).ShouldBe(("default", UpstreamKind.OpenAI, null, "sk-1"));
    }

    [Fact]
    public void Read_UrlVariable_AsksItWithoutAKey()
    {
        var upstream = Read(("OPENAI_BASE_URL", "http://localhost:11434/v1")).Upstreams.ShouldHaveSingleItem();

        (upstream.BaseUrl, upstream.ApiKey).ShouldBe(("http://localhost:11434/v1", null));
    }

    [Fact]
    public void Read_List_BindsEverySetting()
    {
        var settings = Read(
            (First + "Name", "a"), (First + "ApiKey", "k"), (First + "Models:0", "gpt-*"), (First + "IdleTimeout", "00:00:05"),
            (First + "MaxAnswerBytes", "2048"), (First + "RequestUsage", "false"),
            ("OrleansCache:Upstreams:1:Kind", "simulated"), ("OrleansCache:Upstreams:1:Simulation:Latency", "00:00:01"));

        settings.IsFallback.ShouldBeFalse();
        var (first, second) = (settings.Upstreams[0], settings.Upstreams[1]);
        (first.Name, first.ApiKey, first.Models[0], first.IdleTimeout, first.MaxAnswerBytes, first.RequestUsage)
            .ShouldBe(("a", "k", "gpt-*", TimeSpan.FromSeconds(5), 2048L, false));
        (second.Name, second.Kind, second.Simulation.Latency).ShouldBe(("1", UpstreamKind.Simulated, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Read_KeyVariableAndOtherBaseUrl_KeepsTheKeyToItself() =>
        Read(("OPENAI_API_KEY", "sk-1"), (First + "BaseUrl", "https://elsewhere.example/v1")).Upstreams[0].ApiKey.ShouldBeNull();

    [Theory]
    [InlineData("BaseUrl", "ftp://x", "OrleansCache:Upstreams:0:BaseUrl is 'ftp://x'; it must be an absolute http or https URL")]
    [InlineData("BaseUrl", "api.openai.com", "Upstreams:0:BaseUrl is 'api.openai.com'")]
    [InlineData("BaseUrl", "https://me:secret@x/v1", "Upstreams:0:BaseUrl is '***@x/v1'")]
    [InlineData("ConnectTimeout", "00:00:00", "Upstreams:0:ConnectTimeout is 00:00:00; it must be 00:00:00.0100000 to 00:05:00")]
    [InlineData("FirstByteTimeout", "00:00:00.001", "Upstreams:0:FirstByteTimeout is 00:00:00.0010000; it must be")]
    [InlineData("IdleTimeout", "-00:00:01", "Upstreams:0:IdleTimeout is -00:00:01")]
    [InlineData("TotalTimeout", "00:00:30", "Upstreams:0:TotalTimeout is 00:00:30; it must not be below FirstByteTimeout")]
    [InlineData("MaxAnswerBytes", "10", "Upstreams:0:MaxAnswerBytes is 10; it must be 1024 to 1073741824")]
    [InlineData("Models:0", "a*b", "Upstreams:0:Models:0 is 'a*b'")]
    [InlineData("ApiKeyFile", "/no/such/file", "are both set")]
    [InlineData("Simulation:FailureRate", "2", "Upstreams:0:Simulation:FailureRate is 2; it must be 0 to 1")]
    [InlineData("Simulation:Failures:0", "200", "Upstreams:0:Simulation:Failures:0 is '200'")]
    public void Validate_WrongSetting_IsNamed(string setting, string value, string message)
    {
        var errors = Validate((First + "ApiKey", "sk-secret"), (First + setting, value));

        errors.ShouldHaveSingleItem().ShouldContain(message);
        errors[0].ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(" \n", "is empty")]
    [InlineData("sk-a\nsk-b", "holds characters")]
    [InlineData(null, "cannot be read")]
    public void Validate_WrongKeyFile_IsNamedWithoutItsText(string? text, string message)
    {
        var file = Path.GetTempFileName();
        if (text is null) File.Delete(file);
        else File.WriteAllText(file, text);

        var error = Validate((First + "ApiKeyFile", file)).ShouldHaveSingleItem();

        error.ShouldContain("OrleansCache:Upstreams:0:ApiKeyFile");
        error.ShouldContain(message);
        error.ShouldNotContain("sk-a");
        File.Delete(file);
    }

    [Fact]
    public void Validate_SameNameTwice_IsRefused() =>
        Validate((First + "Kind", "simulated"), (First + "Name", "a"), ("OrleansCache:Upstreams:1:Kind", "simulated"), ("OrleansCache:Upstreams:1:Name", "A"))
            .ShouldHaveSingleItem().ShouldContain("OrleansCache:Upstreams:1:Name is 'A'");

    [Fact]
    public void Validate_OpenAiWithoutAKey_IsRefused() =>
        Validate((First + "Name", "a")).ShouldHaveSingleItem().ShouldContain("OrleansCache:Upstreams:0:ApiKey is not set");

    [Fact]
    public void Validate_ReplayWithoutAFile_IsRefused() =>
        Validate((First + "Kind", "replay")).ShouldHaveSingleItem().ShouldContain("Upstreams:0:ReplayFrom");

    [Fact]
    public void Validate_UnknownSetting_IsNamedWithTheNearest() =>
        Validate((First + "Kind", "simulated"), (First + "BaseUri", "x"), (First + "Simulation:Latencys", "1")).ShouldBe(
            [
                "OrleansCache:Upstreams:0:BaseUri is not a known setting; known here: BaseUrl.",
                "OrleansCache:Upstreams:0:Simulation:Latencys is not a known setting; known here: Latency.",
            ]);

    [Fact]
    public void Read_WrongType_IsNamed() =>
        Should.Throw<InvalidOperationException>(() => Read((First + "IdleTimeout", "soon"))).Message.ShouldContain(First + "IdleTimeout");

    [Fact]
    public void ToString_WithAKey_DoesNotShowIt() =>
        new UpstreamOptions { Name = "a", ApiKey = "sk-secret" }.ToString().ShouldBe("a (OpenAI, no base URL, key: set)");

    [Fact]
    public async Task AddUpstreams_Nothing_AnswersSimulated()
    {
        await using var provider = new ServiceCollection().AddUpstreams(Configuration()).BuildServiceProvider();

        var answer = await provider.GetRequiredService<IUpstream>().CallAsync(ScriptedUpstream.Request("""{"model":"m"}"""), default);

        answer.Status.ShouldBe(200);
    }

    [Fact]
    public async Task AddUpstreams_OwnUpstream_Stays()
    {
        var own = new ScriptedUpstream();
        await using var provider = new ServiceCollection().AddSingleton<IUpstream>(own).AddUpstreams(Configuration()).BuildServiceProvider();

        provider.GetRequiredService<IUpstream>().ShouldBeSameAs(own);
    }

    [Fact]
    public async Task AddUpstreams_WrongSetting_FailsOnFirstUse()
    {
        await using var provider = new ServiceCollection().AddUpstreams(Configuration((First + "BaseUrl", "x"))).BuildServiceProvider();

        Should.Throw<OptionsValidationException>(provider.GetRequiredService<IUpstream>).Message.ShouldContain(First + "BaseUrl");
    }

    private static IConfigurationRoot Configuration(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(v => KeyValuePair.Create(v.Key, (string?)v.Value))).Build();

    private static UpstreamSettings Read(params (string Key, string Value)[] values)
    {
        var settings = new UpstreamSettings();
        settings.Read(Configuration(values));
        return settings;
    }

    private static List<string> Validate(params (string Key, string Value)[] values) =>
        [.. new UpstreamSettingsValidator().Validate(null, Read(values)).Failures ?? []];
}
