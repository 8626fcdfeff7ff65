namespace OrleansCache.Bench.Harness;

/// <summary>
/// Servers on the first half of the cores, clients on the others, so that a client neither takes time from the server nor flatters
/// one that is slow. Without <c>taskset</c>, with one core or with <c>--no-pin</c> all share all.
/// </summary>
/// <param name="Server">The server's cores as <c>taskset -c</c> takes them; null for any.</param>
/// <param name="Client">The client's.</param>
internal sealed record CoreSplit(string? Server, string? Client)
{
    public static CoreSplit Of(bool pin)
    {
        var cores = Environment.ProcessorCount;
        if (!pin || cores < 2 || !File.Exists("/usr/bin/taskset")) return new CoreSplit(null, null);
        return new CoreSplit(Range(0, (cores / 2) - 1), Range(cores / 2, cores - 1));
    }

    /// <summary>One thread for each of the client's cores.</summary>
    public static int ClientThreads => Math.Max(1, Environment.ProcessorCount / 2);

    /// <inheritdoc/>
    public override string ToString() =>
        Server is null ? "share all cores" : $"servers on core {Server}, clients on core {Client}";

    private static string Range(int first, int last) => first == last ? $"{first}" : $"{first}-{last}";
}
