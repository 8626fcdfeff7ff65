namespace OrleansCache.Bench.Harness;

/// <summary>What every benchmark is given.</summary>
/// <param name="Quick">Short rounds and small numbers: shows that all works, measures roughly.</param>
/// <param name="Cores">Which cores servers and clients run on.</param>
/// <param name="Out">Where tables go.</param>
internal sealed record BenchContext(bool Quick, CoreSplit Cores, TextWriter Out)
{
    /// <summary>Rounds of each contestant, in turns; the median counts.</summary>
    public int Rounds => Quick ? 3 : 7;

    /// <summary>How often a measurement is made at most while other processes disturb it; see <see cref="Quiet"/>.</summary>
    public int Attempts => Quick ? 2 : 6;

    /// <summary>How long one round is measured.</summary>
    public TimeSpan RoundTime => TimeSpan.FromSeconds(Quick ? 0.7 : 2);

    /// <summary>How long a server is loaded before anything is measured: until its code is compiled in its last form.</summary>
    public TimeSpan WarmTime => TimeSpan.FromSeconds(Quick ? 3 : 12);

    /// <summary>The same on any core: for what is measured with one caller, where client and server take turns anyway.</summary>
    public BenchContext OnAllCores => this with { Cores = new CoreSplit(null, null) };

    public void Print(Table table) => Out.WriteLine(table.ToString());

    /// <summary>Progress goes to standard error, so that the tables can be sent to a file.</summary>
    public static void Say(string what) => Console.Error.WriteLine($"  {what}");
}
