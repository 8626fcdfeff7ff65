using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace OrleansCache.Gateway.Hosting;

/// <summary>The server's limits.</summary>
internal sealed class KestrelSetup(IOptions<GatewayOptions> options) : IConfigureOptions<KestrelServerOptions>
{
    private const int RequestLine = 8 << 10;

    public void Configure(KestrelServerOptions kestrel)
    {
        if (Settings() is not { } gateway) return;
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxRequestHeadersTotalSize = gateway.MaxHeaderBytes;
        limits.MaxRequestLineSize = Math.Min(RequestLine, gateway.MaxHeaderBytes);
        // BodyReader keeps the bound. Left to itself the server closes at once, and a client that is still sending sees a reset
        // in place of the 413; so it goes on discarding for the few seconds that it gives every unread body.
        limits.MaxRequestBodySize = null;
        limits.MaxRequestBufferSize = Math.Max(limits.MaxRequestBufferSize ?? 0, gateway.MaxHeaderBytes);
        limits.RequestHeadersTimeout = gateway.HeadersTimeout;
        limits.KeepAliveTimeout = gateway.KeepAliveTimeout;
        limits.MaxConcurrentConnections = gateway.MaxConnections;
        var rate = gateway.MinDataRate > 0 ? new MinDataRate(gateway.MinDataRate, gateway.DataRateGrace) : null;
        limits.MinRequestBodyDataRate = rate;
        limits.MinResponseDataRate = rate;
    }

    // The server is built before the settings are checked. That check names every fault of every section; this one is not the place.
    private GatewayOptions? Settings()
    {
        try
        {
            return options.Value;
        }
        catch (OptionsValidationException)
        {
            return null;
        }
    }
}
