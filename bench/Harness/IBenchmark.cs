namespace OrleansCache.Bench.Harness;

/// <summary>One benchmark: prints one or more tables.</summary>
internal interface IBenchmark
{
    /// <summary>How the command line calls it.</summary>
    string Name { get; }

    /// <summary>One line on what it measures.</summary>
    string About { get; }

    Task RunAsync(BenchContext context);
}
