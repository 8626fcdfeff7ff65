using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OrleansCache.Standalone.Tests.Harness;
using OrleansCache.Testing;

namespace OrleansCache.Standalone.Tests.Privacy;

/// <summary>What the process prints, with every log category at its most talkative, holds no secret, no prompt and no answer.</summary>
public sealed class OutputTests
{
    private const string ClientSecret = "sk-client-5f0e7c41a9";
    private const string WrongSecret = "sk-wrong-77ab12cd90";
    private const string UpstreamSecret = "sk-upstream-b1946ac92492";
    private const string AdminSecret = "admin-0123456789abcdef0123456789abcdef";
    private const string Prompt = "The patient's name is Ottoline";
    private const string Answer = "She lives in Rutland Gate";

    private static readonly string[] Secrets = [ClientSecret, WrongSecret, UpstreamSecret, AdminSecret];
    private static readonly string[] Texts = ["Ottoline", "Rutland"];

    [Fact]
    public async Task Output_AtTraceLevel_HoldsNoSecretPromptOrAnswer()
    {
        using var folder = new TempFolder();
        await using var upstream = await ScriptedServer.StartAsync();
        upstream.Handler = http => AnswerAsync(http, upstream.Requests[^1]);
        await using var process = await StandaloneProcess.StartAsync(folder.Path,
        [
            ("Logging:LogLevel:Default", "Trace"),
            ("Logging:LogLevel:Microsoft", "Trace"),
            ("Logging:LogLevel:System", "Trace"),
            ("OrleansCache:ApiKeys:0:Name", "alice"),
            ("OrleansCache:ApiKeys:0:Secret", ClientSecret),
            ("OrleansCache:Gateway:AdminKey", AdminSecret),
            ("OrleansCache:Upstreams:0:BaseUrl", upstream.BaseUrl),
            ("OrleansCache:Upstreams:0:ApiKey", UpstreamSecret),
        ]);

        (await AskAsync(process.Http, ClientSecret, new ChatBody(Prompt).ToString())).ShouldBe(200);
        (await AskAsync(process.Http, ClientSecret, new ChatBody(Prompt).ToString())).ShouldBe(200);
        (await AskAsync(process.Http, ClientSecret, new ChatBody(Prompt, Model: "refused").ToString())).ShouldBe(400);
        await AskAsync(process.Http, ClientSecret, new ChatBody(Prompt, Model: "nonsense").ToString());
        await AskAsync(process.Http, ClientSecret, new ChatBody(Prompt, Stream: true, Model: "broken").ToString());
        (await AskAsync(process.Http, ClientSecret, $$"""{"messages":"{{Prompt}}",""")).ShouldBe(400);
        (await AskAsync(process.Http, WrongSecret, new ChatBody(Prompt).ToString())).ShouldBe(401);
        foreach (var path in new[] { "/admin/stats", "/admin/export" }) (await AdminAsync(process.Http, path)).ShouldBe(200);
        upstream.Requests.ShouldAllBe(r => r.Headers["Authorization"] == "Bearer " + UpstreamSecret);
        (await process.StopAsync()).ShouldBe(0);

        process.Output.ShouldContain("dbug:");
        foreach (var word in Secrets.Concat(Texts)) process.Output.ShouldNotContain(word);
        foreach (var file in Directory.EnumerateFiles(folder.File("data")))
        {
            var content = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
            foreach (var secret in Secrets) content.Contains(secret, StringComparison.Ordinal).ShouldBeFalse($"{file} holds {secret}");
        }
    }

    private static async Task AnswerAsync(HttpContext http, ReceivedRequest request)
    {
        using var body = JsonDocument.Parse(request.Body);
        var answer = body.RootElement.GetProperty("model").GetString() switch
        {
            "broken" => ScriptedServer.Sse($$$"""data: {"id":"1","choices":[{"index":0,"delta":{"content":"{{{Answer}}}"}}]}""" + "\n\n"),
            "refused" => ScriptedServer.Json($$$"""{"error":{"message":"Cannot answer: {{{Prompt}}}","type":"x","param":null,"code":"y"}}""", 400),
            "nonsense" => ScriptedServer.Json($"<html>{Prompt}</html>"),
            _ => ScriptedServer.Json($$"""
                {"id":"1","object":"chat.completion","created":1,"model":"m",
                 "choices":[{"index":0,"message":{"role":"assistant","content":"{{Answer}}"},"finish_reason":"stop"}]}
                """),
        };
        await answer(http);
    }

    private static async Task<int> AskAsync(HttpClient http, string secret, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", secret) },
        };
        try
        {
            using var response = await http.SendAsync(request);
            return (int)response.StatusCode;
        }
        catch (HttpRequestException)
        {
            // A broken stream.
            return 0;
        }
    }

    private static async Task<int> AdminAsync(HttpClient http, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path)
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", AdminSecret) },
        };
        using var response = await http.SendAsync(request);
        return (int)response.StatusCode;
    }
}
