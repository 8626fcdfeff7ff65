using OrleansCache.Core.Prompts.Answers.Json;

namespace OrleansCache.Core.Prompts.Answers.Folding;

/// <summary>An object whose fields are folded one by one, in the order in which they first came.</summary>
internal sealed class MapNode(long index) : FoldNode
{
    private KeyValue[] _fields = [];
    private int _next;

    public MapNode()
        : this(-1)
    {
    }

    /// <summary>The place in a list that is merged by index.</summary>
    public long Index { get; } = index;

    public int Count { get; private set; }

    /// <summary>The place of a field, made when it is new; to be filled at once.</summary>
    public ref FoldNode? At(ReadOnlySpan<byte> name)
    {
        var at = Find(name);
        if (at >= 0) return ref _fields[at].Value;
        if (Count == _fields.Length) Array.Resize(ref _fields, Math.Max(4, Count * 2));
        _fields[Count] = new KeyValue { Name = name.ToArray() };
        return ref _fields[Count++].Value;
    }

    public FoldNode? Get(ReadOnlySpan<byte> name)
    {
        var at = Find(name);
        return at < 0 ? null : _fields[at].Value;
    }

    public override void WriteTo(ByteBuffer output)
    {
        output.Append((byte)'{');
        WriteOthers(output, []);
        output.Append((byte)'}');
    }

    /// <summary>Writes a field with its name if it is here.</summary>
    public void WriteField(ByteBuffer output, ReadOnlySpan<byte> name)
    {
        if (Get(name) is not { } value) return;
        output.Name(name);
        value.WriteTo(output);
    }

    /// <summary>Writes all fields but those named.</summary>
    public void WriteOthers(ByteBuffer output, byte[][] written)
    {
        foreach (ref readonly var field in _fields.AsSpan(0, Count))
        {
            if (Names.Contains(written, field.Name)) continue;
            output.Name(field.Name);
            field.Value!.WriteTo(output);
        }
    }

    private int Find(ReadOnlySpan<byte> name)
    {
        // Chunks repeat their fields in the same order, so the next one is nearly always the one after the last.
        for (var i = 0; i < Count; i++)
        {
            var at = _next + i < Count ? _next + i : _next + i - Count;
            if (!name.SequenceEqual(_fields[at].Name)) continue;
            _next = at + 1 == Count ? 0 : at + 1;
            return at;
        }

        return -1;
    }

    private struct KeyValue
    {
        public byte[] Name;
        public FoldNode? Value;
    }
}
