using System.Buffers.Binary;

namespace OrleansCache.Core.Upstream.Simulation;

/// <summary>SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): the same numbers for the same seed on every machine and version.</summary>
internal sealed class SimulatedRandom(ulong seed)
{
    private static readonly string[] Words =
    [
        "cache", "answer", "river", "the", "of", "seven", "quiet", "stone", "light", "and", "café", "naïve", "雪", "\"quoted\"", "a\\b",
        "line\n", "under", "window", "paper", "orange", "slow", "morning", "in", "with", "north", "signal", "garden", "zero", "🙂", "is",
    ];

    private ulong _state = seed;

    public static SimulatedRandom From(ReadOnlySpan<byte> hash, int part = 0) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(hash) + (ulong)part * 0x9E37_79B9_7F4A_7C15UL);

    public ulong Next()
    {
        var z = _state += 0x9E37_79B9_7F4A_7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EBUL;
        return z ^ (z >> 31);
    }

    public int Below(int bound) => (int)(Next() % (uint)bound);

    /// <summary>0 to 1, 1 excluded.</summary>
    public double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));

    public string Word() => Words[Below(Words.Length)];

    /// <summary>Tokens that join to a text.</summary>
    public string[] Tokens(int count)
    {
        var tokens = new string[count];
        for (var i = 0; i < count; i++) tokens[i] = i == 0 ? Word() : " " + Word();
        return tokens;
    }
}
