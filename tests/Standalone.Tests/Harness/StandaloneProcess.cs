using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OrleansCache.Testing;

namespace OrleansCache.Standalone.Tests.Harness;

/// <summary>The real program in a process of its own, in a folder of the test's, on a port that the system chose.</summary>
internal sealed class StandaloneProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ProcessOutput _output;

    private StandaloneProcess(Process process, ProcessOutput output) => (_process, _output) = (process, output);

    /// <summary>Where it listens, without a path.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Connections without number; nothing is retried.</summary>
    public HttpClient Http { get; private set; } = null!;

    /// <summary>Both outputs so far, line by line.</summary>
    public string Output => _output.Text;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="folder">Its working directory; the database is under <c>data/</c> in it.</param>
    /// <param name="settings">Its environment, as <c>OrleansCache:Store:Kind</c>.</param>
    public static async Task<StandaloneProcess> StartAsync(string folder, IEnumerable<(string Name, string Value)>? settings = null)
    {
        var process = Launch(folder, settings ?? []);
        try
        {
            await process.ListenAsync();
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it and waits for its end: for settings that it refuses.</summary>
    public static async Task<(int ExitCode, string Output)> RunToEndAsync(string folder, params (string Name, string Value)[] settings)
    {
        await using var process = Launch(folder, settings);
        return (await process.ExitAsync(), process.Output);
    }

    /// <summary>SIGKILL, and waits until the system has taken it away.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await ExitAsync();
    }

    /// <summary>SIGTERM, without waiting.</summary>
    public void Terminate()
    {
        // The shell's own kill: the program of that name is not installed everywhere.
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -TERM {_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> ExitAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            await _process.WaitForExitAsync(patience.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"The process goes on:\n{Output}", e);
        }
    }

    /// <summary>SIGTERM, and waits for the end.</summary>
    public Task<int> StopAsync()
    {
        Terminate();
        return ExitAsync();
    }

    /// <summary>Whether a new connection is refused.</summary>
    public async Task<bool> RefusesConnectionsAsync()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, Address.Port);
            return false;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    private static StandaloneProcess Launch(string folder, IEnumerable<(string Name, string Value)> settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "OrleansCache.Standalone.dll")])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        ProcessEnvironment.Fill(start.Environment, settings);
        var process = new Process { StartInfo = start };
        var output = new ProcessOutput(process);
        process.Start();
        output.Begin();
        return new StandaloneProcess(process, output);
    }

    private async Task ListenAsync()
    {
        Address = await _output.AddressAsync(Patience);
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = int.MaxValue })
        {
            BaseAddress = Address,
            Timeout = TimeSpan.FromMinutes(3),
        };
        await Eventually.TrueAsync(async () => (await Http.GetAsync("/health/ready")).IsSuccessStatusCode, Patience);
    }
}
