using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace OrleansCache.Core.Keys;

/// <summary>
/// Remembers the keys of bodies seen before, by a digest of their bytes. Two generations: when the young one is full it becomes
/// the old one and the old one is dropped; what is still asked for moves on. Reads take no lock and do not allocate.
/// </summary>
/// <param name="capacity">The most entries it ever holds; 2 if less.</param>
internal sealed class PromptMemo(int capacity)
{
    private readonly Lock _turning = new();
    private readonly int _half = Math.Max(1, capacity / 2);
    private volatile Pair _pair = new(new Generation(Math.Max(1, capacity / 2)), new Generation(0));

    /// <summary>Entries held.</summary>
    public int Count => _pair.Young.Count + _pair.Old.Count;

    public bool TryGet(in PromptKey digest, [NotNullWhen(true)] out KeyedPrompt? prompt)
    {
        var pair = _pair;
        if (pair.Young.TryGet(digest, out prompt)) return true;
        if (!pair.Old.TryGet(digest, out prompt)) return false;
        Add(digest, prompt);
        return true;
    }

    public void Add(in PromptKey digest, KeyedPrompt prompt)
    {
        while (_pair is var pair && !pair.Young.TryAdd(digest, prompt)) Turn(pair);
    }

    private void Turn(Pair full)
    {
        lock (_turning)
        {
            if (ReferenceEquals(_pair, full)) _pair = new Pair(new Generation(_half), full.Young);
        }
    }

    private sealed record Pair(Generation Young, Generation Old);

    private sealed class Generation(int capacity)
    {
        private readonly ConcurrentDictionary<PromptKey, KeyedPrompt> _prompts = new();
        private int _count;

        public int Count => Math.Min(Volatile.Read(ref _count), capacity);

        public bool TryGet(in PromptKey digest, [NotNullWhen(true)] out KeyedPrompt? prompt) => _prompts.TryGetValue(digest, out prompt);

        /// <summary>False when there is no room.</summary>
        public bool TryAdd(in PromptKey digest, KeyedPrompt prompt)
        {
            if (_prompts.ContainsKey(digest)) return true;
            if (Interlocked.Increment(ref _count) > capacity) return false;
            if (!_prompts.TryAdd(digest, prompt)) Interlocked.Decrement(ref _count);
            return true;
        }
    }
}
