using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Storage;
using OrleansCache.Gateway.Admin;
using OrleansCache.Gateway.Statistics;
using OrleansCache.Testing;

namespace OrleansCache.Gateway.Tests.Admin;

/// <summary>The admin API on a port of its own, over a store and owners in memory.</summary>
internal sealed class AdminHost : IAsyncDisposable
{
    public const string Key = "an-admin-key-of-tests";

    private readonly WebApplication _app;

    private AdminHost(WebApplication app, ManualClock clock, MemoryStore store, FakeOwners owners, CapturedLogs logs)
    {
        _app = app;
        Clock = clock;
        Store = store;
        Owners = owners;
        Logs = logs;
        Client = NewClient(Key);
    }

    public ManualClock Clock { get; }

    public MemoryStore Store { get; }

    public FakeOwners Owners { get; }

    public CapturedLogs Logs { get; }

    public HttpClient Client { get; }

    public RequestStatistics Statistics => _app.Services.GetRequiredService<RequestStatistics>();

    public static async Task<AdminHost> StartAsync(params (string Name, string? Value)[] settings)
    {
        var clock = new ManualClock();
        var store = new MemoryStore(clock);
        var owners = new FakeOwners(store, clock);
        var logs = new CapturedLogs();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(logs);
        builder.Configuration.AddInMemoryCollection([new("OrleansCache:Gateway:AdminKey", Key)]);
        builder.Configuration.AddInMemoryCollection(settings.Select(s => new KeyValuePair<string, string?>("OrleansCache:" + s.Name, s.Value)));
        var root = builder.Configuration.GetSection("OrleansCache");
        var services = builder.Services;
        services.AddSingleton<TimeProvider>(clock);
        services.AddSingleton<ICompletionStore>(store);
        services.AddSingleton<IPromptOwners>(owners);
        services.Configure<GatewayOptions>(root.GetSection("Gateway"));
        services.Configure<StoreOptions>(root.GetSection("Store"));
        services.Configure<CacheOptions>(root.GetSection("Cache"));
        services.AddPromptKeys(root.GetSection("Cache"));
        services.AddAdminApi(root);
        var app = builder.Build();
        try
        {
            app.Urls.Add("http://127.0.0.1:0");
            app.MapAdminApi();
            await app.StartAsync();
            return new AdminHost(app, clock, store, owners, logs);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public HttpClient NewClient(string? key)
    {
        var client = new HttpClient { BaseAddress = new Uri(_app.Urls.First()), Timeout = TimeSpan.FromSeconds(30) };
        if (key is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    /// <summary>A request and its answer, stored as the data path would have.</summary>
    public async Task<PromptKey> StoreAsync(
        string request, string response = """{"id":"1"}""", string scope = "default", string[]? tags = null, TimeSpan? ttl = null)
    {
        var body = Encoding.UTF8.GetBytes(request);
        var prompt = KeyOf(request, scope);
        await Owners.PutAsync(
            new PromptRequest
            {
                Key = prompt.Key,
                Scope = scope,
                Endpoint = PromptEndpoint.ChatCompletions,
                Head = prompt.Head,
                Body = body,
                Tags = tags ?? [],
                Directives = new CacheDirectives { Ttl = ttl },
            },
            Encoding.UTF8.GetBytes(response),
            default);
        return prompt.Key;
    }

    public KeyedPrompt KeyOf(string request, string scope = "default") =>
        _app.Services.GetRequiredService<PromptReader>().Read(PromptEndpoint.ChatCompletions, scope, Encoding.UTF8.GetBytes(request));

    public async Task<(int Status, JsonElement Json)> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var message = new HttpRequestMessage(method, path);
        if (body is not null) message.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Client.SendAsync(message);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, JsonDocument.Parse(text).RootElement);
    }

    public Task<(int Status, JsonElement Json)> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<(int Status, JsonElement Json)> PostAsync(string path, string body) => SendAsync(HttpMethod.Post, path, body);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}

internal sealed class CapturedLogs : ILoggerProvider
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines) return [.. _lines];
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(_lines);

    public void Dispose()
    {
    }

    private sealed class Logger(List<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (lines) lines.Add($"{level} {id.Id} {formatter(state, exception)}");
        }
    }
}
