using OrleansCache.Standalone.Tests.Harness;
using OrleansCache.Testing;

namespace OrleansCache.Standalone.Tests.Scripts;

/// <summary>
/// <c>run</c> and <c>test</c> from a folder with a space in its name, started from elsewhere, with a <c>dotnet</c> that only
/// writes down how it was called.
/// </summary>
public sealed class ScriptTests : IDisposable
{
    private const string Install = "Install bash.";

    private readonly TempFolder _folder = new();
    private readonly string _project;
    private readonly string _calls;

    public ScriptTests()
    {
        _project = Directory.CreateDirectory(_folder.File("a folder with spaces")).FullName;
        _calls = _folder.File("calls");
        foreach (var script in new[] { "run", "test" }) File.Copy(Repository.File(script), Path.Combine(_project, script));
        // One line for each call: the folder, then each argument in brackets.
        Program("dotnet", """
            case "$1" in --list-sdks) echo "10.0.100 [/sdk]"; exit ;; esac
            { printf '%s:' "$PWD"; printf ' <%s>' "$@"; echo; } >>"$CALLS"
            [ "$1" != test ] || echo "Passed!  - Failed:     ${FAILED:-0}, Passed:     3, Skipped:     1, Total:     4"
            [ "$1" != test ] || [ "${FAILED:-0}" = 0 ]
            """);
        // What the test script would install.
        foreach (var program in new[] { "initdb", "npm", "curl", "apt-get" }) Program(program, "exit 0");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("run")]
    [InlineData("test")]
    [InlineData(".ci/run")]
    public async Task Script_Syntax_IsValid(string script)
    {
        var (code, output) = await Tool.RunAsync(Install, "bash", _folder.Path, ["-n", Repository.File(script)]);
        code.ShouldBe(0, output);
    }

    [Fact]
    public async Task Run_FromElsewhere_BuildsAndStartsInItsOwnFolderAndHandsArgumentsOn()
    {
        var (code, output) = await RunAsync("run", ["--OrleansCache:Store:Path=my file.db"]);

        code.ShouldBe(0, output);
        var calls = await File.ReadAllLinesAsync(_calls);
        calls.Length.ShouldBe(2);
        calls.ShouldAllBe(c => c.StartsWith(_project + ": "));
        calls[0].ShouldContain("<build> <standalone/OrleansCache.Standalone.csproj>");
        calls[0].ShouldContain("<Release>");
        calls[1].ShouldEndWith("<standalone/bin/Release/net10.0/OrleansCache.Standalone.dll> <--OrleansCache:Store:Path=my file.db>");
    }

    [Fact]
    public async Task Test_TwoSuites_RunsBothAndEndsWithTheSum()
    {
        Suite("First.Tests");
        Suite("Second.Tests");

        var (code, output) = await RunAsync("test", []);

        code.ShouldBe(0, output);
        output.TrimEnd().Split('\n')[^1].ShouldBe("6 passed, 0 failed, 2 skipped");
        var calls = await File.ReadAllLinesAsync(_calls);
        calls.ShouldAllBe(c => c.StartsWith(_project + ": "));
        calls.Count(c => c.Contains("<test> <tests/")).ShouldBe(2);
    }

    [Fact]
    public async Task Test_SuiteFails_FailsAndSaysHowMany()
    {
        Suite("First.Tests");

        var (code, output) = await RunAsync("test", [], ("FAILED", "2"));

        code.ShouldNotBe(0);
        output.TrimEnd().Split('\n')[^1].ShouldBe("3 passed, 2 failed, 1 skipped");
    }

    private Task<(int ExitCode, string Output)> RunAsync(
        string script, string[] arguments, params (string Name, string Value)[] environment)
    {
        var path = $"{_folder.File("bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        return Tool.RunAsync(
            Install,
            "bash",
            Path.GetTempPath(),
            [Path.Combine(_project, script), .. arguments],
            [("PATH", path), ("CALLS", _calls), .. environment]);
    }

    private void Suite(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_project, "tests", name)).FullName;
        File.WriteAllText(Path.Combine(folder, $"OrleansCache.{name}.csproj"), "<Project />");
    }

    private void Program(string name, string script)
    {
        var path = Path.Combine(Directory.CreateDirectory(_folder.File("bin")).FullName, name);
        File.WriteAllText(path, "#!/usr/bin/env bash\n" + script + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
