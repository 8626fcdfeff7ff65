using System.Net;
using Microsoft.AspNetCore.Http;

namespace OrleansCache.Gateway;

/// <summary>Addresses to listen on, as they are configured.</summary>
internal static class ListenAddress
{
    public static string[] Split(string? addresses) =>
        addresses?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    public static bool IsValid(string address)
    {
        try
        {
            var parsed = BindingAddress.Parse(address);
            return parsed.Scheme is "http" or "https" && parsed.PathBase.Length == 0;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>Whether only this machine can reach the address. Names other than <c>localhost</c> are not resolved: they could change.</summary>
    public static bool IsLoopback(string address)
    {
        try
        {
            var parsed = BindingAddress.Parse(address);
            return parsed.IsUnixPipe || IsLoopbackHost(parsed.Host);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>Whether a host name or address without its port means this machine.</summary>
    public static bool IsLoopbackHost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.AsSpan().Trim("[]"), out var ip) && IPAddress.IsLoopback(ip));
}
