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
