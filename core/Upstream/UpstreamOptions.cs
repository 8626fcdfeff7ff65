namespace OrleansCache.Core.Upstream;

/// <summary>One provider: an item of the list <c>OrleansCache:Upstreams</c>. The first whose <see cref="Models"/> match serves.</summary>
public sealed class UpstreamOptions
{
    /// <summary>What logs, metrics and messages call it. 1 to 64 characters, unique.</summary>
    /// <value>Default: the place in the list (<c>0</c>, <c>1</c>, ...).</value>
    public string Name { get; set; } = "";

    /// <summary>What answers.</summary>
    /// <value>Default: <see cref="UpstreamKind.OpenAI"/>.</value>
    public UpstreamKind Kind { get; set; }

    /// <summary>Where the endpoints are, <c>/v1</c> included: <c>/chat/completions</c> is appended. Absolute, http or https.</summary>
    /// <value>Default: <c>https://api.openai.com/v1</c>.</value>
    public string? BaseUrl { get; set; }

    /// <summary>The provider's key, sent as a bearer token. Not together with <see cref="ApiKeyFile"/>.</summary>
    /// <value>Default: none; <c>OPENAI_API_KEY</c> when <see cref="BaseUrl"/> is not set either.</value>
    public string? ApiKey { get; set; }

    /// <summary>A file that holds the key and nothing else; read at start.</summary>
    /// <value>Default: none.</value>
    public string? ApiKeyFile { get; set; }

    /// <summary>Sent as <c>OpenAI-Organization</c>.</summary>
    /// <value>Default: none.</value>
    public string? Organization { get; set; }

    /// <summary>Sent as <c>OpenAI-Project</c>.</summary>
    /// <value>Default: none.</value>
    public string? Project { get; set; }

    /// <summary>The models it serves; one <c>*</c> at the end matches any rest.</summary>
    /// <value>Default: empty, any model.</value>
    public List<string> Models { get; set; } = [];

    /// <summary>Longest time to connect, TLS included. 10 ms to 5 minutes.</summary>
    /// <value>Default: 10 seconds.</value>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time from the call to the answer's headers. 10 ms to 1 day. Plain answers of reasoning models arrive whole after minutes.</summary>
    /// <value>Default: 5 minutes.</value>
    public TimeSpan FirstByteTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Longest silence between two bytes of the answer. 10 ms to 1 day.</summary>
    /// <value>Default: 60 seconds.</value>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest time of the whole call. 10 ms to 1 day, not below <see cref="FirstByteTimeout"/>.</summary>
    /// <value>Default: 15 minutes.</value>
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Largest answer, in bytes, after decompression; a stream counts as a whole. 1 KiB to 1 GiB.</summary>
    /// <value>Default: 67,108,864 (64 MiB).</value>
    public long MaxAnswerBytes { get; set; } = 64L << 20;

    /// <summary>Whether streamed requests are sent with <c>stream_options.include_usage</c>. Switch off for providers that reject it; their streams then cost an unknown number of tokens.</summary>
    /// <value>Default: true.</value>
    public bool RequestUsage { get; set; } = true;

    /// <summary>A file to which every call is appended as a line of JSON, prompts and answers included, for <see cref="UpstreamKind.Replay"/>.</summary>
    /// <value>Default: none.</value>
    public string? RecordTo { get; set; }

    /// <summary>The recording that <see cref="UpstreamKind.Replay"/> answers from.</summary>
    /// <value>Default: none; required for that kind.</value>
    public string? ReplayFrom { get; set; }

    /// <summary>Whether a replayed stream keeps the recorded pace.</summary>
    /// <value>Default: false, at once.</value>
    public bool ReplayTiming { get; set; }

    /// <summary>How <see cref="UpstreamKind.Simulated"/> answers.</summary>
    public SimulationOptions Simulation { get; set; } = new();

    /// <summary>Where the item stands in the configuration, for messages.</summary>
    internal string Path { get; set; } = "OrleansCache:Upstreams";

    /// <summary>Everything but the secret.</summary>
    public override string ToString() =>
        $"{Name} ({Kind}, {BaseUrl ?? "no base URL"}, key: {(ApiKey ?? ApiKeyFile) switch { null => "none", _ => "set" }})";
}

/// <summary>What answers.</summary>
public enum UpstreamKind
{
    /// <summary>Any OpenAI-compatible API.</summary>
    OpenAI,

    /// <summary>The built-in simulation: no account, no network.</summary>
    Simulated,

    /// <summary>A recording of real answers.</summary>
    Replay,
}
