using OrleansCache.Standalone.Tests.Harness;
using OrleansCache.Testing;

namespace OrleansCache.Standalone.Tests.Clients;

public sealed class NodeClientTests
{
    private const string Install = "Install Node.js 18 or later with npm (Debian: apt-get install nodejs npm); ./test does so where it may.";

    [Fact]
    public async Task RoundTrip_OfficialNpmClient_SecondTimeFromTheCacheAndEqual()
    {
        using var folder = new TempFolder();
        // A copy: the sources stay free of installed packages.
        foreach (var file in Directory.EnumerateFiles(Repository.File("tests/clients/node")))
            File.Copy(file, folder.File(Path.GetFileName(file)));
        await using var process = await StandaloneProcess.StartAsync(folder.Path);

        var install = await Tool.RunAsync(Install, "npm", folder.Path, ["ci", "--no-audit", "--no-fund"]);
        install.ExitCode.ShouldBe(0, install.Output);
        var run = await Tool.RunAsync(Install, "node", folder.Path, ["roundtrip.mjs", new Uri(process.Address, "/v1").ToString()]);

        run.ExitCode.ShouldBe(0, run.Output);
        run.Output.ShouldContain("round trips are equal");
    }

    [Fact]
    public async Task Lockfile_OfTheNpmClient_NamesNoRegistry() =>
        (await File.ReadAllTextAsync(Repository.File("tests/clients/node/package-lock.json"))).ShouldNotContain("\"resolved\"");
}
