using System.ClientModel.Primitives;
using System.Net;
using System.Net.Security;

namespace OrleansCache.Core.Upstream.OpenAi;

/// <summary>The package's transport over a handler of our own.</summary>
internal sealed class UpstreamTransport(HttpClient client, bool sendKey) : HttpClientPipelineTransport(client)
{
    /// <summary>The client for one upstream, pooled connections included.</summary>
    public static HttpClient CreateClient(UpstreamOptions options, Uri baseUrl) =>
        new(
            new WireAnswer.Handler(new SocketsHttpHandler
            {
                ConnectTimeout = options.ConnectTimeout,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
                EnableMultipleHttp2Connections = true,
                AutomaticDecompression = DecompressionMethods.All,
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = !baseUrl.IsLoopback,
                // An answer that nobody reads to its end is cut, not drained.
                MaxResponseDrainSize = 0,
                SslOptions = new SslClientAuthenticationOptions(),
            }),
            disposeHandler: true)
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };

    /// <inheritdoc/>
    protected override void OnSendingRequest(PipelineMessage message, HttpRequestMessage httpRequest)
    {
        httpRequest.Version = HttpVersion.Version20;
        httpRequest.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        if (message.TryGetProperty(typeof(WireAnswer), out var answer)) ((WireAnswer)answer!).AttachTo(httpRequest);
        if (!sendKey) httpRequest.Headers.Authorization = null;
    }
}
