using OrleansCache.Core.Prompts.Memory;

namespace OrleansCache.Core.Tests.Prompts.Memory;

internal sealed class TestNode(int id) : MemoryNode
{
    private int _evictions;

    public int Id { get; } = id;

    public int Evictions => Volatile.Read(ref _evictions);

    protected internal override ulong KeyHash => Hash(Id);

    public void CountEviction() => Interlocked.Increment(ref _evictions);

    /// <summary>SplitMix64: well distributed, and the same on every run.</summary>
    public static ulong Hash(int id)
    {
        var z = unchecked((ulong)id * 0x9E3779B97F4A7C15UL);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        return z ^ (z >> 31);
    }
}
