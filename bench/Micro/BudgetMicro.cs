using OrleansCache.Bench.Eviction;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Prompts.Memory;

namespace OrleansCache.Bench.Micro;

/// <summary>What a hit and an arrival cost the memory bound, for each way to evict.</summary>
internal static class BudgetMicro
{
    private const int Entries = 100_000;
    private const int EntryBytes = 1_000;

    public static void Run(MicroTable table)
    {
        foreach (var kind in Enum.GetValues<EvictionKind>())
        {
            var nodes = Enumerable.Range(0, 2 * Entries).Select(static id => new BenchNode(id)).ToArray();
            var budget = new MemoryBudget(Entries * (long)EntryBytes, kind, static _ => { }, seed: 1);
            foreach (var node in nodes.AsSpan(0, Entries)) budget.Add(node, EntryBytes);
            // Strides that share no factor with the lengths: every node in turn, none near the one before.
            var at = 0;
            table.Add($"{kind}, hit", () => budget.Touch(nodes[at = (at + 7_919) % Entries]));
            table.Add($"{kind}, arrival that evicts another", () =>
            {
                do at = (at + 7_919) % nodes.Length;
                while (nodes[at].IsCharged);
                budget.Add(nodes[at], EntryBytes);
            });
        }

        table.Print();
    }
}
