using System.Text.Json;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;
using OrleansCache.Gateway.Tests.Hosting;

namespace OrleansCache.Gateway.Tests.Answers;

public sealed class FormTests
{
    [Fact]
    public async Task WholeAnswer_AskedForAsStream_IsStreamedInSeveralChunks()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.ChatAsync("""{"model":"m","messages":[{"role":"user","content":"hi"}]}""");

        var response = await host.ChatAsync("""{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true}""");

        response.Header("x-cache").ShouldBe("HIT");
        response.Header("age").ShouldBe("0");
        response.Content.Headers.ContentType!.ToString().ShouldBe("text/event-stream");
        var events = Responses.Events(await response.TextAsync());
        events[^1].ShouldBe("[DONE]");
        events.Count.ShouldBeGreaterThan(2);
        var text = string.Concat(events[..^1].Select(static e =>
            JsonDocument.Parse(e).RootElement.GetProperty("choices")[0].GetProperty("delta").TryGetProperty("content", out var c) ? c.GetString() : ""));
        text.ShouldBe("Hello there");
        events.ShouldNotContain(static e => e.Contains("\"usage\":{"));
        host.Owners.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task WholeAnswer_AsStreamWithUsage_EndsWithTheUsageChunk()
    {
        await using var host = await GatewayHost.StartAsync();

        var response = await host.ChatAsync("""{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true,"stream_options":{"include_usage":true}}""");

        var events = Responses.Events(await response.TextAsync());
        JsonDocument.Parse(events[^2]).RootElement.GetProperty("usage").GetProperty("total_tokens").GetInt32().ShouldBe(5);
    }

    [Fact]
    public async Task LongAnswer_AsStream_ArrivesWhole()
    {
        await using var host = await GatewayHost.StartAsync();
        var words = string.Join(' ', Enumerable.Range(0, 20_000));
        var body = FakeOwners.Body.Replace("Hello there", words);
        host.Owners.Ask = (request, _) => ValueTask.FromResult(host.Owners.Whole(request, CacheSource.Miss, body));

        var response = await host.ChatAsync("""{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true}""");

        var events = Responses.Events(await response.TextAsync());
        string.Concat(events[..^1].Select(static e =>
            JsonDocument.Parse(e).RootElement.GetProperty("choices")[0].GetProperty("delta").TryGetProperty("content", out var c) ? c.GetString() : ""))
            .ShouldBe(words);
    }

    [Fact]
    public async Task Embeddings_AreJson()
    {
        await using var host = await GatewayHost.StartAsync();
        const string body = """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.1]}],"model":"e","usage":{"prompt_tokens":1,"total_tokens":1}}""";
        host.Owners.Ask = (request, _) => ValueTask.FromResult(host.Owners.Whole(request, CacheSource.Miss, body));

        var response = await host.PostAsync("/v1/embeddings", """{"model":"e","input":"a"}""");

        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        (await response.TextAsync()).ShouldBe(body);
    }

    [Theory]
    [InlineData("/v1/chat/completions", PromptEndpoint.ChatCompletions)]
    [InlineData("/v1/completions", PromptEndpoint.Completions)]
    [InlineData("/v1/embeddings", PromptEndpoint.Embeddings)]
    public async Task EveryEndpoint_ReachesItsOwnerWithTheBodyAsSent(string path, PromptEndpoint endpoint)
    {
        await using var host = await GatewayHost.StartAsync();
        const string body = """{ "model" : "m", "input": "ä", "prompt": "ä", "messages": [{"role":"user","content":"hi"}] }""";

        await host.PostAsync(path, body);

        var asked = host.Owners.Asked.ShouldHaveSingleItem();
        asked.Endpoint.ShouldBe(endpoint);
        System.Text.Encoding.UTF8.GetString(asked.Body.Span).ShouldBe(body);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(5_000)]
    [InlineData(300_000)]
    [InlineData(3_000_000)]
    public async Task Body_OfAnySize_ArrivesUnharmed(int size)
    {
        await using var host = await GatewayHost.StartAsync();
        var body = $$"""{"model":"m","messages":[{"role":"user","content":"{{new string('z', size)}}"}]}""";

        var announced = await host.ChatAsync(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(body, null, "application/json") };
        request.Headers.TransferEncodingChunked = true;
        var chunked = await host.Client.SendAsync(request);

        announced.Header("x-cache").ShouldBe("MISS");
        chunked.Header("x-cache").ShouldBe("HIT");
        System.Text.Encoding.UTF8.GetString(host.Owners.Asked.ShouldHaveSingleItem().Body.Span).ShouldBe(body);
    }
}
