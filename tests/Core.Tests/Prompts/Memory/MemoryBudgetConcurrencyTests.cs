using OrleansCache.Core.Prompts;
using OrleansCache.Core.Prompts.Memory;

namespace OrleansCache.Core.Tests.Prompts.Memory;

public class MemoryBudgetConcurrencyTests
{
    private const int Threads = 8;

    [Theory]
    [MemberData(nameof(EvictionKinds.All), MemberType = typeof(EvictionKinds))]
    public void ManyThreads_SharedNodes_BoundHoldsAndNothingIsLost(EvictionKind kind)
    {
        const int capacity = 20_000;
        long callbacks = 0;
        var overruns = 0;
        var budget = new MemoryBudget(capacity, kind, Count, seed: 1);
        void Count(MemoryNode node)
        {
            Interlocked.Increment(ref callbacks);
            ((TestNode)node).CountEviction();
        }

        var nodes = Enumerable.Range(0, 500).Select(id => new TestNode(id)).ToArray();
        RunTogether(thread =>
        {
            var random = new Random(thread);
            for (var step = 0; step < 20_000; step++)
            {
                var node = nodes[random.Next(nodes.Length)];
                switch (random.Next(10))
                {
                    case < 4: budget.Add(node, random.Next(1, 300)); break;
                    case 4: budget.Remove(node); break;
                    default: budget.Touch(node); break;
                }

                if (budget.Bytes > capacity) Interlocked.Increment(ref overruns);
            }
        });

        overruns.ShouldBe(0);
        callbacks.ShouldBe(budget.Evictions);
        callbacks.ShouldBeGreaterThan(1_000);
        budget.Bytes.ShouldBe(nodes.Sum(n => (long)n.ChargedBytes));
        budget.Count.ShouldBe(nodes.Count(n => n.IsCharged));

        // What is charged is linked, once: newcomers drive every one of them out.
        var held = nodes.Where(n => n.IsCharged).ToList();
        var before = held.Select(n => n.Evictions).ToList();
        for (var id = 1_000; id < 30_000 && held.Exists(n => n.IsCharged); id++)
        {
            var newcomer = new TestNode(id);
            budget.Add(newcomer, 100);
            for (var i = 0; i < 3; i++) budget.Touch(newcomer);
        }

        held.Select(n => n.Evictions).ShouldBe(before.Select(e => e + 1));
        budget.Bytes.ShouldBe(budget.Count * 100);
        budget.Bytes.ShouldBeGreaterThan(capacity - 300);
    }

    [Theory]
    [MemberData(nameof(EvictionKinds.All), MemberType = typeof(EvictionKinds))]
    public void ManyThreads_OwnersFollowTheRule_CompletionExactlyWhenCharged(EvictionKind kind)
    {
        var budget = new MemoryBudget(2_000, kind, node => ((Owner)node).Drop(), seed: 1);
        var owners = Enumerable.Range(0, 60).Select(id => new Owner(id)).ToArray();
        RunTogether(thread =>
        {
            var random = new Random(100 + thread);
            for (var step = 0; step < 10_000; step++) owners[random.Next(owners.Length)].Keep(budget, random.Next(1, 200));
        });

        budget.Evictions.ShouldBeGreaterThan(1_000);
        owners.ShouldContain(o => o.IsCharged);
        owners.ShouldContain(o => !o.IsCharged);
        owners.ShouldAllBe(o => o.IsCharged == o.HasCompletion);
    }

    private static void RunTogether(Action<int> body)
    {
        using var start = new Barrier(Threads);
        Exception? failure = null;
        var threads = Enumerable.Range(0, Threads).Select(i => new Thread(() =>
        {
            try
            {
                start.SignalAndWait(TimeSpan.FromSeconds(30));
                body(i);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, e, null);
            }
        }) { IsBackground = true }).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join(TimeSpan.FromSeconds(60)).ShouldBeTrue("a thread hangs");
        failure.ShouldBeNull();
    }

    private sealed class Owner(int id) : MemoryNode
    {
        private readonly Lock _gate = new();
        private object? _completion;

        public bool HasCompletion
        {
            get
            {
                lock (_gate) return _completion is not null;
            }
        }

        protected internal override ulong KeyHash => TestNode.Hash(id);

        public void Keep(MemoryBudget budget, int bytes)
        {
            var completion = new object();
            budget.Add(this, bytes);
            lock (_gate) _completion = IsCharged ? completion : null;
        }

        public void Drop()
        {
            lock (_gate)
                if (!IsCharged)
                    _completion = null;
        }
    }
}
