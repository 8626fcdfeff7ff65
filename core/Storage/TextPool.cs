namespace OrleansCache.Core.Storage;

/// <summary>
/// Gives equal texts one string, so that many completions share their scope and model. A fixed number of slots: never grows,
/// whatever scopes callers invent. A lost race costs a copy, nothing else.
/// </summary>
internal sealed class TextPool
{
    private readonly string?[] _slots = new string?[1024];

    public string Share(string text)
    {
        ref var slot = ref _slots[text.GetHashCode(StringComparison.Ordinal) & (_slots.Length - 1)];
        var known = Volatile.Read(ref slot);
        if (known == text) return known;
        Volatile.Write(ref slot, text);
        return text;
    }
}
