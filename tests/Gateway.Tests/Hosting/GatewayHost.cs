using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Storage;
using OrleansCache.Core.Upstream;
using OrleansCache.Testing;

namespace OrleansCache.Gateway.Tests.Hosting;

/// <summary>The gateway on a real server and a free port, over owners and an upstream that the test controls.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private GatewayHost(WebApplication app, FakeOwners owners, ScriptedUpstream upstream, CapturedLogs logs)
    {
        App = app;
        Owners = owners;
        Upstream = upstream;
        Logs = logs;
        Client = NewClient();
    }

    public WebApplication App { get; }

    public FakeOwners Owners { get; }

    public ScriptedUpstream Upstream { get; }

    public CapturedLogs Logs { get; }

    public HttpClient Client { get; private set; }

    public Uri Address => new(App.Urls.First());

    public static async Task<GatewayHost> StartAsync(
        Dictionary<string, string?>? settings = null, Action<IServiceCollection>? services = null, ManualClock? clock = null, bool realOwners = false)
    {
        var host = Build(settings, services, clock, realOwners);
        await host.App.StartAsync();
        host.Client = host.NewClient(host.Address);
        return host;
    }

    public static GatewayHost Build(
        Dictionary<string, string?>? settings = null, Action<IServiceCollection>? services = null, ManualClock? clock = null, bool realOwners = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["OrleansCache:Gateway:Listen"] = "http://127.0.0.1:0" });
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        var logs = new CapturedLogs();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
        var owners = new FakeOwners(clock ?? TimeProvider.System);
        var upstream = new ScriptedUpstream();
        builder.Services.AddSingleton<TimeProvider>(clock ?? TimeProvider.System);
        if (realOwners)
        {
            builder.Services.AddSingleton<IGuardedStore, MemoryGuardedStore>();
            builder.Services.AddInProcessPromptOwners(builder.Configuration.GetSection("OrleansCache:Cache"));
        }
        else
        {
            builder.Services.AddSingleton<IPromptOwners>(owners);
        }

        builder.Services.AddSingleton<IUpstream>(upstream);
        builder.Services.AddPromptKeys(builder.Configuration.GetSection("OrleansCache:Cache"));
        builder.Services.AddGateway(builder.Configuration.GetSection("OrleansCache"));
        services?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseGateway();
        app.MapGateway();
        return new GatewayHost(app, owners, upstream, logs);
    }

    public HttpClient NewClient(Uri? address = null) => new() { BaseAddress = address, Timeout = Patience };

    public Task<HttpResponseMessage> ChatAsync(string body, params (string Name, string Value)[] headers) =>
        PostAsync("/v1/chat/completions", body, headers);

    public Task<HttpResponseMessage> PostAsync(string path, string body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
    }
}
