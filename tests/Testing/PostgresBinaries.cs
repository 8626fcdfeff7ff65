using System.Diagnostics;

namespace OrleansCache.Testing;

/// <summary>Finds the installed PostgreSQL and runs it as a user other than root, which it refuses to run as.</summary>
internal static class PostgresBinaries
{
    private const string User = "postgres";

    public static string Find()
    {
        var candidates = Folders("/usr/lib/postgresql").Concat(Folders("/usr/local/opt")).Concat(Folders("/opt/homebrew/opt"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator));
        return candidates.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")))
            ?? throw new InvalidOperationException(
                "These tests need PostgreSQL 14 or later. Install it (Debian, Ubuntu: apt-get install postgresql; "
                + $"macOS: brew install postgresql@16), or name a running server: {PostgresServer.Variable}='Host=...;Username=...;Password=...'.");
    }

    public static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo { UseShellExecute = false, WorkingDirectory = "/", RedirectStandardOutput = true, RedirectStandardError = true };
        string[] command = Environment.UserName == "root" ? ["setpriv", $"--reuid={User}", $"--regid={User}", "--init-groups", program] : [program];
        start.FileName = command[0];
        foreach (var argument in command.Skip(1).Concat(arguments)) start.ArgumentList.Add(argument);
        start.Environment["LC_ALL"] = "C";
        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    public static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        await EndAsync(process, program);
    }

    public static async Task RunAsRootAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        await EndAsync(process, program);
    }

    /// <summary>Makes the server's user the owner of the folder.</summary>
    public static async Task GiveAsync(string folder)
    {
        if (Environment.UserName == "root") await RunAsRootAsync("chown", User, folder);
    }

    public static Task AppendAsync(string path, string text) => File.AppendAllTextAsync(path, text);

    private static async Task EndAsync(Process process, string program)
    {
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{Path.GetFileName(program)} failed: {await error}");
    }

    private static IEnumerable<string> Folders(string root) =>
        Directory.Exists(root)
            ? Directory.EnumerateDirectories(root).OrderDescending(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin"))
            : [];
}
