using OrleansCache.Core.Prompts.Answers.Json;

namespace OrleansCache.Core.Prompts.Answers.Folding;

/// <summary>An array that grows from chunk to chunk.</summary>
internal sealed class ListNode : FoldNode
{
    private readonly List<FoldNode> _items = [];

    public int Count => _items.Count;

    public MapNode? Last => _items.Count > 0 ? _items[^1] as MapNode : null;

    /// <summary>One more than the highest index.</summary>
    public long NextIndex { get; private set; }

    public void Add(FoldNode item) => _items.Add(item);

    /// <summary>Adds an element with an index after all whose index is not higher.</summary>
    public MapNode Insert(long index)
    {
        var item = new MapNode(index);
        var at = _items.Count;
        while (at > 0 && _items[at - 1] is MapNode before && before.Index > index) at--;
        _items.Insert(at, item);
        if (index >= NextIndex && index < long.MaxValue) NextIndex = index + 1;
        return item;
    }

    /// <summary>The element with this index among the first <paramref name="among"/>.</summary>
    public MapNode? Find(long index, int among)
    {
        for (var i = among - 1; i >= 0; i--)
            if (_items[i] is MapNode item && item.Index == index) return item;
        return null;
    }

    /// <summary>The element with this <c>id</c>, written as JSON.</summary>
    public MapNode? FindId(ReadOnlySpan<byte> id)
    {
        for (var i = _items.Count - 1; i >= 0; i--)
            if (_items[i] is MapNode item && item.Get("id"u8) is RawNode own && own.Json.SequenceEqual(id)) return item;
        return null;
    }

    public override void WriteTo(ByteBuffer output)
    {
        output.Append((byte)'[');
        foreach (var item in _items)
        {
            output.Separate();
            item.WriteTo(output);
        }

        output.Append((byte)']');
    }
}
