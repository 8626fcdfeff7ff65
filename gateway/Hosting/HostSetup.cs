using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace OrleansCache.Gateway.Hosting;

/// <summary>Gives the whole stop its time: that of the requests, and some more for flights and store.</summary>
internal sealed class HostSetup(IOptions<GatewayOptions> options) : IConfigureOptions<HostOptions>
{
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(15);

    public void Configure(HostOptions host) =>
        host.ShutdownTimeout = options.Value.ShutdownDelay + options.Value.ShutdownTimeout + FlushTime;
}
