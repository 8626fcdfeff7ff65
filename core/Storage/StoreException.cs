namespace OrleansCache.Core.Storage;

/// <summary>The store could not do what it was asked.</summary>
public sealed class StoreException(string message, bool isTransient, Exception? inner = null) : OrleansCacheException(message, inner)
{
    /// <inheritdoc/>
    public override bool IsTransient { get; } = isTransient;
}
