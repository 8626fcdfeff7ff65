using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace OrleansCache.Bench.Servers;

/// <summary>Starts programs of this folder as processes of their own, all under the standalone's runtime settings.</summary>
internal static class Launch
{
    /// <summary>How to start a program.</summary>
    /// <param name="cores">As <c>taskset -c</c> takes them; null for any.</param>
    /// <param name="program">A file of this folder.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ProcessStartInfo Dotnet(string? cores, string program, IEnumerable<string> arguments)
    {
        var folder = AppContext.BaseDirectory;
        string[] command =
        [
            "dotnet", "exec",
            "--depsfile", Path.Combine(folder, "OrleansCache.Bench.deps.json"),
            "--runtimeconfig", Path.Combine(folder, "OrleansCache.Standalone.runtimeconfig.json"),
            Path.Combine(folder, program), .. arguments,
        ];
        if (cores is not null) command = ["taskset", "-c", cores, .. command];
        return new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true };
    }

    /// <summary>A port that nobody listens on now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
