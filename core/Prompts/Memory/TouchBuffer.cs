using System.Numerics;

namespace OrleansCache.Core.Prompts.Memory;

/// <summary>
/// Notes hits without taking the budget's lock, for policies whose order changes with every hit. A thread writes to the stripe of
/// its id; whoever holds the lock applies what is noted before it does anything else, and a thread that finds its stripe full
/// applies all if the lock is free. One thread alone loses nothing and keeps its order exactly. Many at once: hits of different
/// threads may change places within a buffer's length, and hits beyond a full stripe are dropped while another holds the lock.
/// </summary>
internal sealed class TouchBuffer
{
    private const int StripeSize = 64;
    private const int MostStripes = 16;

    private readonly Stripe[] _stripes;
    private readonly Lock _gate;
    private readonly Action<MemoryNode> _apply;

    public TouchBuffer(Lock gate, Action<MemoryNode> apply)
    {
        _gate = gate;
        _apply = apply;
        _stripes = new Stripe[BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, MostStripes))];
        for (var i = 0; i < _stripes.Length; i++) _stripes[i] = new Stripe();
    }

    public void Record(MemoryNode node)
    {
        if (_stripes[Environment.CurrentManagedThreadId & (_stripes.Length - 1)].TryNote(node) || !_gate.TryEnter()) return;
        try
        {
            Drain();
            Apply(node);
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>Applies all that is noted. The caller holds the lock.</summary>
    public void Drain()
    {
        foreach (var stripe in _stripes)
        {
            var noted = stripe.Take();
            for (var i = 0; i < noted; i++)
                if (stripe.Take(i) is { } node)
                    Apply(node);
        }
    }

    private void Apply(MemoryNode node)
    {
        if (node.IsCharged) _apply(node);
    }

    private sealed class Stripe
    {
        private readonly MemoryNode?[] _nodes = new MemoryNode?[StripeSize];
        private int _noted;

        public bool TryNote(MemoryNode node)
        {
            if (Volatile.Read(ref _noted) >= StripeSize) return false;
            var index = Interlocked.Increment(ref _noted) - 1;
            if (index >= StripeSize) return false;
            Volatile.Write(ref _nodes[index], node);
            return true;
        }

        public int Take() => Volatile.Read(ref _noted) == 0 ? 0 : Math.Min(Interlocked.Exchange(ref _noted, 0), StripeSize);

        // A slot that was claimed but not yet written is empty: that hit is applied with the next ones.
        public MemoryNode? Take(int index) => Interlocked.Exchange(ref _nodes[index], null);
    }
}
