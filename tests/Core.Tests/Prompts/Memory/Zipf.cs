namespace OrleansCache.Core.Tests.Prompts.Memory;

/// <summary>Numbers from 0 to n-1, number k with a weight of 1/(k+1).</summary>
internal sealed class Zipf
{
    private readonly double[] _cumulative;
    private readonly Random _random;

    public Zipf(int n, int seed)
    {
        _random = new Random(seed);
        _cumulative = new double[n];
        var sum = 0.0;
        for (var i = 0; i < n; i++) _cumulative[i] = sum += 1.0 / (i + 1);
    }

    public int Next()
    {
        var index = Array.BinarySearch(_cumulative, _random.NextDouble() * _cumulative[^1]);
        return Math.Min(index < 0 ? ~index : index, _cumulative.Length - 1);
    }
}
