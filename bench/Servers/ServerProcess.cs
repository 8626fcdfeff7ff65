using System.Diagnostics;
using System.Globalization;
using OrleansCache.Bench.Harness;

namespace OrleansCache.Bench.Servers;

/// <summary>A server in a process of its own, on a free port of the loopback address. Killed when disposed.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private ServerProcess(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    /// <summary>Processor time spent so far, in user and kernel mode.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The floor; see <see cref="FloorServer"/>.</summary>
    public static Task<ServerProcess> FloorAsync(CoreSplit cores, int answerBytes, int latencyMilliseconds = 0)
    {
        var port = Launch.FreePort();
        return StartAsync(port, Launch.Dotnet(
            cores.Server, "OrleansCache.Bench.dll", [Verbs.Floor, $"{port}", $"{answerBytes}", $"{latencyMilliseconds}"]));
    }

    /// <summary>The standalone with these settings, in a folder of its own.</summary>
    public static Task<ServerProcess> StandaloneAsync(CoreSplit cores, string folder, params string[] settings)
    {
        var port = Launch.FreePort();
        var start = Launch.Dotnet(cores.Server, "OrleansCache.Bench.dll", [Verbs.Standalone, .. StandaloneSettings.For(port, settings)]);
        start.WorkingDirectory = folder;
        return StartAsync(port, start);
    }

    /// <summary>Bytes allocated since the process started.</summary>
    public async Task<long> AllocatedAsync()
    {
        await _process.StandardInput.WriteLineAsync(ServeVerb.Allocated);
        await _process.StandardInput.FlushAsync();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(ServeVerb.Allocated, StringComparison.Ordinal))
                return long.Parse(line.AsSpan(ServeVerb.Allocated.Length), CultureInfo.InvariantCulture);
        }

        throw new InvalidDataException("The server broke off.");
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static async Task<ServerProcess> StartAsync(int port, ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        var server = new ServerProcess(Process.Start(start)!, port);
        try
        {
            await Probe.UntilListeningAsync(port, () => server._process.HasExited, Patience);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }
}
