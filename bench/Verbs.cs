using OrleansCache.Bench.Harness;
using OrleansCache.Bench.Load;
using OrleansCache.Bench.Servers;

namespace OrleansCache.Bench;

/// <summary>What the program can be: the benchmarks, or one of the processes that they start.</summary>
internal static class Verbs
{
    public const string Load = "--load";
    public const string Floor = "--serve-floor";
    public const string Standalone = "--serve-standalone";

    public static Task<int> RunAsync(string[] args) => args switch
    {
        [Load, var job] => LoadVerb.RunAsync(job),
        [Floor, .. var rest] => ServeVerb.FloorAsync(rest),
        [Standalone, .. var rest] => ServeVerb.StandaloneAsync(rest),
        _ => BenchRun.RunAsync(args),
    };
}
