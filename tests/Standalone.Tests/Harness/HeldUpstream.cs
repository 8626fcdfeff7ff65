using Microsoft.AspNetCore.Http;
using OrleansCache.Testing;

namespace OrleansCache.Standalone.Tests.Harness;

/// <summary>A provider that streams the first part of its answer at once and the rest when it is let go.</summary>
internal sealed class HeldUpstream : IAsyncDisposable
{
    public const string Content = "Once upon a time there was a cache.";

    private static readonly string[] Pieces = ["", "Once upon", " a time there", " was a cache."];

    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _called = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ScriptedServer _server = null!;

    /// <summary>How often it was asked.</summary>
    public int Calls => _server.Calls;

    /// <summary>Completes with the first request.</summary>
    public Task Called => _called.Task;

    /// <summary>Makes it the only provider of a process.</summary>
    public (string Name, string Value)[] Settings => [("OPENAI_BASE_URL", _server.BaseUrl)];

    public static async Task<HeldUpstream> StartAsync()
    {
        var upstream = new HeldUpstream();
        upstream._server = await ScriptedServer.StartAsync(upstream.AnswerAsync);
        return upstream;
    }

    public void Release() => _release.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Release();
        await _server.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        // Read before the first call is announced: the number makes a second answer differ from the first.
        var id = $"chatcmpl-{Calls}";
        var stream = System.Text.Encoding.UTF8.GetString(_server.Requests[^1].Body).Contains("\"stream\":true", StringComparison.Ordinal);
        _called.TrySetResult();
        if (!stream)
        {
            await _release.Task;
            await ScriptedServer.Json($$"""
                {"id":"{{id}}","object":"chat.completion","created":1,"model":"m",
                 "choices":[{"index":0,"message":{"role":"assistant","content":"{{Content}}"},"finish_reason":"stop"}],
                 "usage":{"prompt_tokens":1,"completion_tokens":3,"total_tokens":4} }
                """)(http);
            return;
        }

        http.Response.ContentType = "text/event-stream";
        for (var i = 0; i < Pieces.Length; i++)
        {
            if (i == 2) await _release.Task;
            await ScriptedServer.SendAsync(http, Chunk(id, $$"""{"role":"assistant","content":"{{Pieces[i]}}"}""", "null"));
        }

        await ScriptedServer.SendAsync(http, Chunk(id, "{}", "\"stop\"") + "data: [DONE]\n\n");
    }

    private static string Chunk(string id, string delta, string finish) =>
        $$$"""data: {"id":"{{{id}}}","object":"chat.completion.chunk","created":1,"model":"m","choices":""" +
        $$$"""[{"index":0,"delta":{{{delta}}},"finish_reason":{{{finish}}}}]}""" + "\n\n";
}
