namespace OrleansCache.Core.Upstream;

/// <summary>Why a provider gave no answer.</summary>
public enum UpstreamFault
{
    /// <summary>No connection within the connect deadline, or it was refused, or the name is unknown.</summary>
    Unreachable,

    /// <summary>The connection broke before the answer was whole.</summary>
    Reset,

    /// <summary>No first byte, no next byte, or no end within its deadline.</summary>
    Timeout,

    /// <summary>What came is not what the protocol allows, or is larger than the bound.</summary>
    Protocol,

    /// <summary>No upstream is configured for the model.</summary>
    NotConfigured,
}

/// <summary>A provider gave no answer. The message names upstream and deadline, never a key or a prompt.</summary>
public sealed class UpstreamException(UpstreamFault fault, string message, Exception? inner = null)
    : OrleansCacheException(message, inner)
{
    /// <summary>Why.</summary>
    public UpstreamFault Fault { get; } = fault;

    /// <inheritdoc/>
    public override bool IsTransient => Fault is UpstreamFault.Unreachable or UpstreamFault.Reset or UpstreamFault.Timeout;
}
