using OrleansCache.Core.Prompts.Memory;

namespace OrleansCache.Bench.Eviction;

/// <summary>A node that is nothing but a number.</summary>
internal sealed class BenchNode(int id) : MemoryNode
{
    // Fibonacci hashing: spreads consecutive numbers over all 64 bits.
    protected internal override ulong KeyHash => unchecked((ulong)id * 0x9E3779B97F4A7C15);
}
