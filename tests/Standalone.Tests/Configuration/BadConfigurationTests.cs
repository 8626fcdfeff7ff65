using System.Net;
using System.Net.Sockets;
using OrleansCache.Standalone.Tests.Harness;
using OrleansCache.Testing;

namespace OrleansCache.Standalone.Tests.Configuration;

/// <summary>A wrong setting stops the start with one line for each fault: which setting, its value, what it may be.</summary>
public sealed class BadConfigurationTests
{
    private const string Section = "OrleansCache:";
    private const string Fault = "OrleansCache cannot start: ";

    [Theory]
    [InlineData("Store:Kind", "oracle", "sqlite", "postgres", "none")]
    [InlineData("Store:Durability", "forever", "process", "machine")]
    [InlineData("Store:WriteDeadline", "00:02:00", "00:00:00.0010000", "00:01:00")]
    [InlineData("Cache:DefaultTtl", "-00:00:01", "00:00:01", "3650")]
    [InlineData("Cache:MemoryBytes", "17", "1048576")]
    [InlineData("Cache:MemoryBytes", "lots", "whole number")]
    [InlineData("Cache:Eviction", "magic", "S3Fifo", "Random")]
    [InlineData("Cache:Eviction", "17", "S3Fifo", "Random")]
    [InlineData("Cache:DefaultTtl", "soon", "d.hh:mm:ss")]
    [InlineData("Cache:MaxTemperature", "NaN", "between 0 and 2")]
    [InlineData("Gateway:MaxBodyBytes", "1", "1024", "1073741824")]
    [InlineData("Gateway:Listen", "not an address", "http://HOST:PORT")]
    [InlineData("Gateway:Listen", "http://0.0.0.0:0", "OrleansCache:ApiKeys", "AllowAnonymous")]
    [InlineData("Upstreams:0:BaseUrl", "ftp//example", "http")]
    [InlineData("Upstreams:0:ApiKeyFile", "missing.key")]
    [InlineData("Gateway:AdminKeyFile", "missing.key")]
    public async Task Start_WrongSetting_OneLineNamesSettingValueAndBounds(string setting, string value, params string[] bounds)
    {
        using var folder = new TempFolder();
        var lines = await RefuseAsync(folder, (Section + setting, value));

        var line = lines.ShouldHaveSingleItem();
        // A refused address is the value of several settings; the message says how to change it.
        if (!value.Contains("0.0.0.0")) line.ShouldContain(setting);
        line.ShouldContain(value);
        foreach (var bound in bounds) line.ShouldContain(bound, Case.Insensitive);
    }

    [Fact]
    public async Task Start_SeveralFaults_OneLineEach()
    {
        using var folder = new TempFolder();
        var lines = await RefuseAsync(
            folder,
            ($"{Section}Gateway:MaxBodyBytes", "1"),
            ($"{Section}Gateway:MaxHeaderBytes", "2"),
            ($"{Section}Store:SweepInterval", "3.00:00:00"));

        lines.Length.ShouldBe(3, string.Join('\n', lines));
        lines.ShouldContain(l => l.Contains("MaxBodyBytes"));
        lines.ShouldContain(l => l.Contains("MaxHeaderBytes"));
        lines.ShouldContain(l => l.Contains("SweepInterval"));
    }

    [Fact]
    public async Task Start_ApiKeyWithoutItsFile_NamesKeyAndFile()
    {
        using var folder = new TempFolder();
        var lines = await RefuseAsync(folder, ($"{Section}ApiKeys:0:Name", "alice"), ($"{Section}ApiKeys:0:SecretFile", "alice.key"));

        lines.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            line => line.ShouldContain("ApiKeys:0"), line => line.ShouldContain("alice.key"));
    }

    [Fact]
    public async Task Start_PortInUse_SaysWhichAndWhatToDo()
    {
        using var folder = new TempFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";

        var lines = await RefuseAsync(folder, ($"{Section}Gateway:Listen", address));

        lines.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            line => line.ShouldContain(address), line => line.ShouldContain("Gateway:Listen"));
    }

    [Fact]
    public async Task Start_DatabaseIsAFolder_SaysSo()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.File("store"));

        var lines = await RefuseAsync(folder, ($"{Section}Store:Path", "store"));

        lines.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            line => line.ShouldContain("Store:Path"), line => line.ShouldContain("store'"), line => line.ShouldContain("directory"));
    }

    [Fact]
    public async Task Start_DatabaseOfANewerProgram_RefusesAndLeavesItAlone()
    {
        using var folder = new TempFolder();
        await using (var process = await StandaloneProcess.StartAsync(folder.Path)) (await process.StopAsync()).ShouldBe(0);
        var path = folder.File("data/orleanscache.db");
        using (var database = Crash.DatabaseFile.Open(path))
        using (var command = database.CreateCommand())
        {
            command.CommandText = "UPDATE schema_version SET version = 999";
            command.ExecuteNonQuery();
        }

        var lines = await RefuseAsync(folder);

        lines.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            line => line.ShouldContain("Store:Path"), line => line.ShouldContain("999"), line => line.ShouldContain("newer"));
        Crash.DatabaseFile.Scalar<long>(path, "SELECT version FROM schema_version").ShouldBe(999);
    }

    private static async Task<string[]> RefuseAsync(TempFolder folder, params (string Name, string Value)[] settings)
    {
        var (code, output) = await StandaloneProcess.RunToEndAsync(folder.Path, settings);
        code.ShouldNotBe(0, output);
        output.ShouldNotContain("   at ");
        output.ShouldNotContain("Unhandled");
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        // What went well before may have been said.
        lines.Where(l => !l.StartsWith(Fault, StringComparison.Ordinal)).ShouldAllBe(l => l.Contains(" info: ") || l.Contains("SIMULATED"));
        return [.. lines.Where(l => l.StartsWith(Fault, StringComparison.Ordinal)).Select(l => l[Fault.Length..])];
    }
}
