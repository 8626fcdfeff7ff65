using System.Buffers;

namespace OrleansCache.Core.Keys;

/// <summary>A growing list over a pooled array. Spans of it are valid until the next call that adds.</summary>
internal sealed class PooledList<T>(int capacity) : IDisposable
    where T : unmanaged
{
    private T[] _items = ArrayPool<T>.Shared.Rent(capacity);

    public int Count { get; private set; }

    public Span<T> Span => _items.AsSpan(0, Count);

    public ref T Last => ref _items[Count - 1];

    public void Add(T item)
    {
        if (Count == _items.Length) Grow(1);
        _items[Count++] = item;
    }

    public void AddRange(ReadOnlySpan<T> items)
    {
        if (items.Length > _items.Length - Count) Grow(items.Length);
        items.CopyTo(_items.AsSpan(Count));
        Count += items.Length;
    }

    public void Truncate(int count) => Count = count;

    public void Dispose()
    {
        ArrayPool<T>.Shared.Return(_items);
        _items = [];
        Count = 0;
    }

    private void Grow(int more)
    {
        var needed = checked(Count + more);
        var larger = ArrayPool<T>.Shared.Rent((int)Math.Max(needed, Math.Min(2L * Count, Array.MaxLength)));
        Span.CopyTo(larger);
        ArrayPool<T>.Shared.Return(_items);
        _items = larger;
    }
}
