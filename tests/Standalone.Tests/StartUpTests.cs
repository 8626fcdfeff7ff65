using OrleansCache.Testing;

namespace OrleansCache.Standalone.Tests;

public sealed class StartUpTests
{
    [Fact]
    public async Task Start_WithFaultsInSeveralSections_TellsEachInOneLine()
    {
        var (code, lines) = await RunAsync(
            "--OrleansCache:Gateway:MaxBodyBytes=12", "--OrleansCache:ApiKeys:0:Name=a/b", "--OrleansCache:Cache:MemoryBytes=1");

        code.ShouldBe(1);
        lines.ShouldAllBe(static l => l.StartsWith("OrleansCache cannot start: ", StringComparison.Ordinal));
        lines.ShouldContain(static l => l.Contains("OrleansCache:Gateway:MaxBodyBytes is 12; it must be between 1024 and 1073741824"));
        lines.ShouldContain(static l => l.Contains("OrleansCache:ApiKeys:0:Name is 'a/b'"));
        lines.ShouldContain(static l => l.Contains("MemoryBytes"));
    }

    [Fact]
    public async Task Start_WithMisspeltSettings_TellsEachWithWhatWasMeant()
    {
        var (code, lines) = await RunAsync(
            "--OrleansCache:Gateway:MaxBodyByte=2000", "--OrleansCache:Cache:DefaultTTLs=00:01:00", "--OrleansCache:Cache:Models:0:Model=m",
            "--OrleansCache:Cache:Models:0:Ttll=00:01:00", "--OrleansCache:Store:KeepRequest=false", "--OrleansCache:ApiKeys:0:Name=n",
            "--OrleansCache:ApiKeys:0:Secret=long-enough", "--OrleansCache:ApiKeys:0:Tennant=t", "--OrleansCache:Admin:Colour=red",
            "--OrleansCache:Prices:0:Model=m", "--OrleansCache:Prices:0:InputPerMillion=1", "--OrleansCache:Prices:0:OutputPerMilion=1");

        code.ShouldBe(1);
        lines.Select(static l => l["OrleansCache cannot start: OrleansCache:".Length..]).ShouldBe(
            [
                "Gateway:MaxBodyByte is not a known setting; known here: MaxBodyBytes.",
                "Cache:DefaultTTLs is not a known setting; known here: DefaultTtl.",
                "Cache:Models:0:Ttll is not a known setting; known here: Ttl.",
                "Store:KeepRequest is not a known setting; known here: KeepRequests.",
                "ApiKeys:0:Tennant is not a known setting; known here: Tenant.",
                "Admin:Colour is not a known setting; known here: MaxLineBytes, NearestCandidates, StoreDeadline.",
                "Prices:0:OutputPerMilion is not a known setting; known here: OutputPerMillion, InputPerMillion.",
            ],
            ignoreOrder: true);
    }

    [Fact]
    public async Task Start_WithEverySetting_KnowsThemAll()
    {
        var (_, lines) = await RunAsync(
            "--OrleansCache:Gateway:listen=http://0.0.0.0:0", "--OrleansCache:Cache:Normalization=Trim", "--OrleansCache:Cache:Eviction=Lru",
            "--OrleansCache:Cache:Models:0:Model=m", "--OrleansCache:Upstreams:0:Kind=simulated", "--OrleansCache:Upstreams:0:Models:0=m",
            "--OrleansCache:Upstreams:0:Simulation:Failures:0=500");

        lines.ShouldHaveSingleItem().ShouldContain("AllowAnonymous");
    }

    [Fact]
    public async Task Start_BeyondLoopbackWithoutKeys_IsRefused()
    {
        var (code, lines) = await RunAsync("--OrleansCache:Gateway:Listen=http://0.0.0.0:0");

        code.ShouldBe(1);
        lines.ShouldHaveSingleItem().ShouldContain("AllowAnonymous");
    }

    [Fact]
    public async Task Start_OnAnAddressInUse_SaysWhichAndWhatToDo()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();

        var (code, lines) = await RunAsync($"--OrleansCache:Gateway:Listen=http://{taken.LocalEndpoint}");

        code.ShouldBe(1);
        lines.ShouldHaveSingleItem().ShouldContain("address already in use");
        lines[0].ShouldContain("OrleansCache:Gateway:Listen");
    }

    [Fact]
    public async Task Start_WithAWordForANumber_NamesTheSetting()
    {
        var (code, lines) = await RunAsync("--OrleansCache:Gateway:MaxBodyBytes=abc");

        code.ShouldBe(1);
        lines.ShouldContain(static l => l.Contains("OrleansCache:Gateway:MaxBodyBytes") && l.Contains("abc"));
    }

    private static async Task<(int Code, List<string> Lines)> RunAsync(params string[] args)
    {
        using var folder = new TempFolder();
        using var errors = new StringWriter();
        var code = await StartUp.RunAsync(
                () => StandaloneHost.Build([$"--OrleansCache:Store:Path={Path.Combine(folder.Path, "cache.db")}", "--Logging:LogLevel:Default=None", .. args]), errors)
            .WaitAsync(TimeSpan.FromSeconds(30));
        return (code, [.. errors.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
    }
}
