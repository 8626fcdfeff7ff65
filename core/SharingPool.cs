using System.Collections.Concurrent;

namespace OrleansCache.Core;

/// <summary>
/// Lets equal values share one object. Bounded: when it is full it starts again empty, so values that are no longer asked for, or were
/// made up by a caller to fill it, are not kept for good. Safe for any number of threads; a value that is known costs no lock.
/// </summary>
/// <param name="capacity">How many values at most; at least 1.</param>
internal sealed class SharingPool<T>(int capacity)
    where T : class, IEquatable<T>
{
    private readonly int _capacity = capacity > 0
        ? capacity
        : throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "A pool holds at least one value.");

    private Generation _generation = new();

    /// <summary>What is held now.</summary>
    public ConcurrentDictionary<T, T> Values => Volatile.Read(ref _generation).Values;

    /// <summary>The shared object of this value; the given one if it is the first.</summary>
    public T Share(T value)
    {
        var generation = Volatile.Read(ref _generation);
        if (generation.Values.TryGetValue(value, out var known)) return known;
        while (Interlocked.Increment(ref generation.Reserved) > _capacity)
        {
            var next = new Generation();
            var current = Interlocked.CompareExchange(ref _generation, next, generation);
            generation = ReferenceEquals(current, generation) ? next : current;
        }

        var shared = generation.Values.GetOrAdd(value, value);
        if (!ReferenceEquals(shared, value)) Interlocked.Decrement(ref generation.Reserved);
        return shared;
    }

    private sealed class Generation
    {
        public ConcurrentDictionary<T, T> Values { get; } = new();

        public int Reserved;
    }
}
