namespace OrleansCache.Gateway.Admin;

/// <summary>Bounds of <c>/admin</c>: section <c>OrleansCache:Admin</c>. Its key is in <see cref="GatewayOptions"/>.</summary>
public sealed class AdminOptions
{
    /// <summary>The longest line of an upload to warm, and the largest body of any other admin request, in bytes. 1,024 to 1,073,741,824.</summary>
    /// <value>Default: 16,777,216 (16 MiB).</value>
    public int MaxLineBytes { get; set; } = 16 << 20;

    /// <summary>How long statistics, look-ups and explanations wait for the store. 10 ms to 1 minute.</summary>
    /// <value>Default: 2 seconds.</value>
    public TimeSpan StoreDeadline { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many of the newest entries an explanation compares a missed request with. 0 (none) to 1,000.</summary>
    /// <value>Default: 200.</value>
    public int NearestCandidates { get; set; } = 200;
}
