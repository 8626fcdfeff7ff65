using Microsoft.Extensions.Options;

namespace OrleansCache.Gateway.Tests.Hosting;

public sealed class ListenTests
{
    [Theory]
    [InlineData("OrleansCache:Gateway:Listen", "http://0.0.0.0:0")]
    [InlineData("OrleansCache:Gateway:Listen", "http://127.0.0.1:0;http://[::]:0")]
    [InlineData("OrleansCache:Gateway:Listen", "http://some-host:0")]
    [InlineData("urls", "http://*:0")]
    [InlineData("urls", "http://127.0.0.1:0;http://+:0")]
    [InlineData("http_ports", "0")]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://0.0.0.0:0")]
    public async Task Start_BeyondLoopbackWithoutKeys_IsRefused(string setting, string value)
    {
        await using var host = GatewayHost.Build(new() { [setting] = value });

        var fault = await Should.ThrowAsync<OptionsValidationException>(host.App.StartAsync());

        fault.Message.ShouldContain("AllowAnonymous");
        fault.Message.ShouldContain("OrleansCache:ApiKeys");
    }

    [Theory]
    [InlineData("OrleansCache:Gateway:AllowAnonymous", "true")]
    [InlineData("OrleansCache:ApiKeys:0:Secret", "long-enough-secret")]
    public async Task Start_BeyondLoopbackWithKeysOrLeave_Listens(string setting, string value)
    {
        var settings = new Dictionary<string, string?> { ["OrleansCache:Gateway:Listen"] = "http://0.0.0.0:0", [setting] = value };
        if (setting.Contains("ApiKeys")) settings["OrleansCache:ApiKeys:0:Name"] = "n";
        await using var host = await GatewayHost.StartAsync(settings);

        using var client = host.NewClient(new UriBuilder(host.Address) { Host = "127.0.0.1" }.Uri);
        (await client.GetAsync("/health/live")).EnsureSuccessStatusCode();
        host.Logs.Lines.Any(static l => l.Contains("[5003]")).ShouldBe(setting.Contains("AllowAnonymous"));
    }

    [Theory]
    [InlineData("http://127.0.0.1:0", true)]
    [InlineData("http://192.168.1.1:0", false)]
    [InlineData("http://localhost.example:0", false)]
    [InlineData("http://localhost:0", true)]
    [InlineData("http://[::1]:0", true)]
    public void Address_OfThisMachine_IsLoopback(string address, bool loopback) =>
        ListenAddress.IsLoopback(address).ShouldBe(loopback);

    [Fact]
    public async Task Urls_Given_WinOverListen()
    {
        await using var host = await GatewayHost.StartAsync(new() { ["urls"] = "http://127.0.0.1:0", ["OrleansCache:Gateway:Listen"] = "http://127.0.0.1:1" });

        host.App.Urls.ShouldHaveSingleItem().ShouldNotEndWith(":1");
    }

    [Theory]
    [InlineData("Listen", "8080", "Listen is '8080'")]
    [InlineData("Listen", "ftp://127.0.0.1:1", "Listen is 'ftp://127.0.0.1:1'")]
    [InlineData("Listen", " ", "Listen is empty")]
    [InlineData("MaxBodyBytes", "12", "MaxBodyBytes is 12; it must be between 1024 and 1073741824 (bytes)")]
    [InlineData("MaxHeaderBytes", "1", "MaxHeaderBytes is 1; it must be between 4096 and 1048576")]
    [InlineData("MinDataRate", "-1", "MinDataRate is -1; it must be between 0 and 1000000")]
    [InlineData("DataRateGrace", "00:00:01", "DataRateGrace is 00:00:01; it must be between 00:00:02 and 00:10:00")]
    [InlineData("HeadersTimeout", "0", "HeadersTimeout is 00:00:00; it must be between 00:00:01")]
    [InlineData("KeepAliveTimeout", "2:00:00", "KeepAliveTimeout is 02:00:00; it must be")]
    [InlineData("MaxConnections", "0", "MaxConnections is 0; it must be between 1 and 1000000")]
    [InlineData("ShutdownDelay", "-00:00:01", "ShutdownDelay is -00:00:01; it must be")]
    [InlineData("ShutdownTimeout", "0", "ShutdownTimeout is 00:00:00; it must be")]
    public async Task Setting_OutOfBounds_StopsTheStart(string setting, string value, string message)
    {
        var fault = await Should.ThrowAsync<OptionsValidationException>(
            () => GatewayHost.StartAsync(new() { [$"OrleansCache:Gateway:{setting}"] = value }));

        fault.Message.ShouldContain($"OrleansCache:Gateway:{message}");
    }
}
