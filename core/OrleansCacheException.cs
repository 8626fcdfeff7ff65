namespace OrleansCache.Core;

/// <summary>Base of every fault that this library raises.</summary>
public abstract class OrleansCacheException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether the same call may succeed when it is tried again unchanged.</summary>
    public abstract bool IsTransient { get; }
}
