namespace OrleansCache.Gateway;

/// <summary>How the process listens and what it accepts: section <c>OrleansCache:Gateway</c>. Checked at start.</summary>
public sealed class GatewayOptions
{
    /// <summary>
    /// Addresses to listen on, separated by <c>;</c>. Used only when nothing else names one (<c>--urls</c>,
    /// <c>ASPNETCORE_URLS</c>, <c>ASPNETCORE_HTTP_PORTS</c>, <c>Kestrel:Endpoints</c>).
    /// </summary>
    /// <value>Default: <c>http://127.0.0.1:8080</c>.</value>
    public string Listen { get; set; } = "http://127.0.0.1:8080";

    /// <summary>The largest body of a request, in bytes. 1,024 to 1,073,741,824.</summary>
    /// <value>Default: 33,554,432 (32 MiB).</value>
    public long MaxBodyBytes { get; set; } = 32L << 20;

    /// <summary>The most that all headers of a request may take together, in bytes. 4,096 to 1,048,576.</summary>
    /// <value>Default: 32,768 (32 KiB).</value>
    public int MaxHeaderBytes { get; set; } = 32 << 10;

    /// <summary>
    /// A client that sends its body or takes its answer slower than this, in bytes a second, is cut off after
    /// <see cref="DataRateGrace"/>. 0 (never) to 1,000,000.
    /// </summary>
    /// <value>Default: 240.</value>
    public double MinDataRate { get; set; } = 240;

    /// <summary>How long a client may be slower than <see cref="MinDataRate"/>. 2 seconds to 10 minutes.</summary>
    /// <value>Default: 5 seconds.</value>
    public TimeSpan DataRateGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a client may take to send its headers. 1 second to 10 minutes.</summary>
    /// <value>Default: 30 seconds.</value>
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection may be idle between requests. 1 second to 1 hour.</summary>
    /// <value>Default: 130 seconds.</value>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(130);

    /// <summary>Open connections at once; more are closed at once. 1 to 1,000,000; null is unbounded.</summary>
    /// <value>Default: null.</value>
    public long? MaxConnections { get; set; }

    /// <summary>
    /// How long the process goes on taking connections after readiness has fallen, so that load balancers can turn away. Zero to
    /// 10 minutes.
    /// </summary>
    /// <value>Default: 0.</value>
    public TimeSpan ShutdownDelay { get; set; }

    /// <summary>How long running requests have to finish when the process stops; then they are given an error. 1 second to 1 hour.</summary>
    /// <value>Default: 30 seconds.</value>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Listen beyond loopback without API keys. With API keys configured every request needs one, whatever this says.</summary>
    /// <value>Default: false.</value>
    public bool AllowAnonymous { get; set; }

    /// <summary>The key of <c>/admin</c>. With both this and <see cref="AdminKeyFile"/> null, one is made at the first start and kept beside the store.</summary>
    /// <value>Default: null.</value>
    public string? AdminKey { get; set; }

    /// <summary>A file that holds the key of <c>/admin</c>; white space at its ends does not count.</summary>
    /// <value>Default: null.</value>
    public string? AdminKeyFile { get; set; }
}
