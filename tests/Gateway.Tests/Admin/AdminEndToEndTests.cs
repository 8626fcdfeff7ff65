using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Storage;
using OrleansCache.Core.Upstream;
using OrleansCache.Gateway.Admin;
using OrleansCache.Testing;

namespace OrleansCache.Gateway.Tests.Admin;

/// <summary>The admin API over the real owners and a database.</summary>
public sealed class AdminEndToEndTests : IAsyncLifetime, IDisposable
{
    private const string Key = "an-admin-key-of-tests";

    private readonly TempFolder _folder = new();
    private readonly ScriptedUpstream _upstream = new();
    private WebApplication _app = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(
        [
            new("OrleansCache:Gateway:AdminKey", Key),
            new("OrleansCache:Store:Path", Path.Combine(_folder.Path, "cache.db")),
        ]);
        var root = builder.Configuration.GetSection("OrleansCache");
        builder.Services.Configure<GatewayOptions>(root.GetSection("Gateway"));
        builder.Services.AddSingleton<IUpstream>(_upstream);
        builder.Services.AddCompletionStore(root.GetSection("Store"));
        builder.Services.AddInProcessPromptOwners(root.GetSection("Cache"));
        builder.Services.AddPromptKeys(root.GetSection("Cache"));
        builder.Services.AddAdminApi(root);
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.MapAdminApi();
        await _app.StartAsync();
        _client = new HttpClient { BaseAddress = new Uri(_app.Urls.First()), Timeout = TimeSpan.FromSeconds(30) };
        _client.DefaultRequestHeaders.Authorization = new("Bearer", Key);
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task ExportPurgeWarm_ThroughTheDatabase_IsByteIdentical()
    {
        _upstream.Handler = (_, _) => Task.FromResult(ScriptedUpstream.Json(Pretty("from upstream")));
        var lines = $$$$"""
            {"request":{{{{Request("asked")}}}}}
            {"tenant":"team","tags":["blue"],"request":{{{{Request("given")}}}},"response":{"id" : "g", "choices":[{"index":0,"message":{"role":"assistant","content":"\u0041\/ü"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}}
            {"request":{{{{Request("refused")}}}},"response":{"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":"cut"},"finish_reason":null}]}}
            """;

        var warmed = await PostAsync("/admin/warm", lines);
        (warmed.Number("asked"), warmed.Number("stored"), warmed.Number("failed")).ShouldBe((1, 1, 1), warmed.ToString());
        var export = await _client.GetStringAsync("/admin/export");
        (await PostAsync("/admin/purge", """{"all":true}""")).Number("purged").ShouldBe(2);
        (await _client.GetStringAsync("/admin/export")).ShouldBeEmpty();
        (await PostAsync("/admin/warm", export)).Number("stored").ShouldBe(2);
        var again = await _client.GetStringAsync("/admin/export");

        Bodies(again).ShouldBe(Bodies(export));
        export.ShouldContain("""{"id" : "g", "choices":[{"index":0,"message":{"role":"assistant","content":"\u0041\/ü"},""");
        _upstream.Calls.ShouldBe(1);
        (await PostAsync("/admin/warm", again)).Number("already").ShouldBe(2);
    }

    [Fact]
    public async Task Explain_AgainstTheDatabase_FindsTheNearestEntry()
    {
        _upstream.Handler = (_, _) => Task.FromResult(ScriptedUpstream.Json(Pretty("answer")));
        (await PostAsync("/admin/warm", $$"""{"request":{{Request("stored")}}}""")).Number("asked").ShouldBe(1);

        var hit = await PostAsync("/admin/explain", $$"""{"request":{{Request("stored")}}}""");
        var miss = await PostAsync("/admin/explain", $$"""{"request":{{Request("sought")}}}""");

        hit.Text("cache").ShouldBe("HIT");
        miss.Text("cache").ShouldBe("MISS");
        miss.GetProperty("nearest").GetProperty("entry").GetProperty("differences")[0].Text("path").ShouldBe("messages[0].content");
        var stats = JsonDocument.Parse(await _client.GetStringAsync("/admin/stats")).RootElement;
        (stats.GetProperty("store").Number("entries"), stats.GetProperty("memory").Number("entries")).ShouldBe((1, 1));
        _upstream.Calls.ShouldBe(1);
    }

    private static string Request(string content) => $$"""{"model":"m","messages":[{"role":"user","content":"{{content}}"}]}""";

    private static string Pretty(string content) =>
        $$"""
        {
          "id": "u",
          "choices": [ {"index": 0, "message": {"role": "assistant", "content": "{{content}}"}, "finish_reason": "stop"} ],
        {{"\t"}}"usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}
        }

        """;

    /// <summary>Everything of an export but when its entries were made.</summary>
    private static List<string> Bodies(string export) =>
        [.. export.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
            line[..line.IndexOf("\"created\"", StringComparison.Ordinal)] + line[line.IndexOf("\"usage\"", StringComparison.Ordinal)..])];

    private async Task<JsonElement> PostAsync(string path, string body)
    {
        using var response = await _client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(200, text);
        return JsonDocument.Parse(text).RootElement;
    }
}
