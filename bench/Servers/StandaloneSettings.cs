namespace OrleansCache.Bench.Servers;

/// <summary>Settings of the standalone as command-line arguments.</summary>
internal static class StandaloneSettings
{
    public const string NoStore = "--OrleansCache:Store:Kind=None";
    public const string Simulated = "--OrleansCache:Upstreams:0:Kind=Simulated";
    public const string MuchMemory = "--OrleansCache:Cache:MemoryBytes=4294967296";

    /// <summary>The floor as the upstream.</summary>
    public static string[] UpstreamAt(int port) =>
        [$"--OrleansCache:Upstreams:0:BaseUrl=http://127.0.0.1:{port}/v1", "--OrleansCache:Upstreams:0:ApiKey=sk-bench"];

    public static string[] For(int port, IEnumerable<string> settings) =>
        [$"--OrleansCache:Gateway:Listen=http://127.0.0.1:{port}", "--Logging:LogLevel:Default=Warning", .. settings];
}
