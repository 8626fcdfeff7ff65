using System.Text;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Upstream;
using OrleansCache.Core.Upstream.OpenAi;
using OrleansCache.Testing;

namespace OrleansCache.Core.Tests.Upstream;

/// <summary>A server to script and an upstream that calls it.</summary>
public abstract class UpstreamTestBase : IAsyncLifetime
{
    protected const string ChatBody = """{"model":"m","messages":[{"role":"user","content":"hi"}]}""";
    protected const string Key = "sk-secret-0123456789";
    private readonly List<IDisposable> _disposables = [];

    protected static TimeSpan Patience { get; } = TimeSpan.FromSeconds(20);

    protected ScriptedServer Server { get; private set; } = null!;

    protected ManualClock Clock { get; } = new();

    public async Task InitializeAsync() => Server = await ScriptedServer.StartAsync();

    public async Task DisposeAsync()
    {
        foreach (var disposable in _disposables) disposable.Dispose();
        await Server.DisposeAsync();
    }

    internal IUpstream Create(Action<UpstreamOptions>? configure = null, TimeProvider? clock = null, string? key = Key)
    {
        var options = new UpstreamOptions { Name = "test", BaseUrl = Server.BaseUrl, Path = "OrleansCache:Upstreams:0" };
        configure?.Invoke(options);
        var upstream = new OpenAiUpstream(options, key, clock ?? Clock);
        _disposables.Add(upstream);
        return upstream;
    }

    protected static UpstreamRequest Plain(string body = ChatBody, PromptEndpoint endpoint = PromptEndpoint.ChatCompletions) =>
        ScriptedUpstream.Request(body, endpoint);

    protected static UpstreamRequest Streamed(string body = """{"model":"m","stream":true,"stream_options":{"include_usage":true}}""") =>
        ScriptedUpstream.Request(body, stream: true);

    protected static async Task<List<string>> ReadAsync(UpstreamAnswer answer)
    {
        List<string> events = [];
        await foreach (var data in answer.Events.ShouldNotBeNull()) events.Add(Encoding.UTF8.GetString(data.Span));
        return events;
    }
}
