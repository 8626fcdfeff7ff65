using System.Collections.Concurrent;

namespace OrleansCache.Core.Keys;

/// <summary>Lets equal values share one object. Once full it shares what it knows and leaves the rest alone.</summary>
internal sealed class BoundedPool<T>(int capacity)
    where T : class, IEquatable<T>
{
    private readonly ConcurrentDictionary<T, T> _values = new();
    private int _count;

    public T Share(T value)
    {
        if (_values.TryGetValue(value, out var shared)) return shared;
        if (Volatile.Read(ref _count) >= capacity || Interlocked.Increment(ref _count) > capacity) return value;
        return _values.GetOrAdd(value, value);
    }
}
