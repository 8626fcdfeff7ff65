using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace OrleansCache.Bench.Servers;

/// <summary>Waits for a server to take connections.</summary>
internal static class Probe
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(2);

    public static async Task UntilListeningAsync(int port, Func<bool> hasEnded, TimeSpan patience)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
                return;
            }
            catch (SocketException) when (!hasEnded() && Stopwatch.GetElapsedTime(started) < patience)
            {
                await Task.Delay(Step, TimeProvider.System);
            }
        }
    }
}
