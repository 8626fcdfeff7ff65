namespace OrleansCache.Core.Prompts.Memory;

/// <summary>
/// Remembers the fingerprints of the nodes that left last, without their keys: 32 bits of the hash and a 32-bit time of leaving
/// in one slot, in buckets of sixteen. A ghost ages away when as many others as the limit have come after it, so nothing is ever
/// unlinked. 11 to 16 bytes a ghost. Approximate on purpose: a full bucket forgets its oldest early, and a key that never left is
/// taken for a ghost once in 2^32 per ghost; either costs a little hit ratio and nothing else.
/// </summary>
internal sealed class GhostTable
{
    private const int BucketSize = 16;
    private const int LeastSlots = 256;

    private ulong[] _slots = new ulong[LeastSlots];
    private uint _clock;

    /// <summary>Slots of 8 bytes each.</summary>
    public int Capacity => _slots.Length;

    /// <summary>Remembers one that leaves now; <paramref name="limit"/> says how many are remembered at most.</summary>
    public void Add(ulong hash, int limit)
    {
        if (limit > _slots.LongLength * 3 / 4) Grow(limit);
        var fingerprint = Fingerprint(hash);
        Put(((ulong)++_clock << 32) | fingerprint);
    }

    /// <summary>Whether this one left a short while ago; if so, it is forgotten.</summary>
    public bool Take(ulong hash, int limit)
    {
        var fingerprint = Fingerprint(hash);
        foreach (ref var slot in Bucket(fingerprint))
        {
            if ((uint)slot != fingerprint) continue;
            var remembered = Age(slot) < (uint)limit;
            slot = 0;
            return remembered;
        }

        return false;
    }

    // Zero marks a free slot.
    private static uint Fingerprint(ulong hash) => Math.Max(1, (uint)(hash >> 32));

    private uint Age(ulong slot) => unchecked(_clock - (uint)(slot >> 32));

    private Span<ulong> Bucket(uint fingerprint)
    {
        var buckets = (uint)(_slots.Length / BucketSize);
        var bucket = (int)(((ulong)fingerprint * buckets) >> 32);
        return _slots.AsSpan(bucket * BucketSize, BucketSize);
    }

    // In place of the same fingerprint, else in a free slot, else of the oldest.
    private void Put(ulong ghost)
    {
        var bucket = Bucket((uint)ghost);
        var (best, bestAge) = (0, 0u);
        for (var i = 0; i < BucketSize; i++)
        {
            if ((uint)bucket[i] == (uint)ghost)
            {
                best = i;
                break;
            }

            var age = bucket[i] == 0 ? uint.MaxValue : Age(bucket[i]);
            if (age > bestAge) (best, bestAge) = (i, age);
        }

        bucket[best] = ghost;
    }

    private void Grow(int limit)
    {
        var old = _slots;
        _slots = new ulong[checked((int)(((2L * limit) + BucketSize - 1) / BucketSize * BucketSize))];
        foreach (var ghost in old)
            if (ghost != 0 && Age(ghost) < (uint)limit)
                Put(ghost);
    }
}
