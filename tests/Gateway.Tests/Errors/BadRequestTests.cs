using System.Net;
using System.Net.Http.Headers;
using System.Text;
using OrleansCache.Core.Prompts;
using OrleansCache.Gateway.Tests.Hosting;

namespace OrleansCache.Gateway.Tests.Errors;

public sealed class BadRequestTests
{
    private const string Prompt = """{"model":"m","messages":[{"role":"user","content":"hi"}]}""";

    [Theory]
    [InlineData("GET", "/", 404, "unknown_url")]
    [InlineData("POST", "/v1/unknown", 404, "unknown_url")]
    [InlineData("POST", "/chat/completions", 404, "unknown_url")]
    [InlineData("GET", "/v1/chat/completions", 405, "method_not_allowed")]
    [InlineData("DELETE", "/v1/embeddings", 405, "method_not_allowed")]
    [InlineData("POST", "/v1/models", 405, "method_not_allowed")]
    [InlineData("PUT", "/v1/models/gpt-4o", 405, "method_not_allowed")]
    [InlineData("POST", "/health/live", 405, "method_not_allowed")]
    public async Task Route_UnknownOrOfAnotherMethod_IsRefused(string method, string path, int status, string code)
    {
        await using var host = await GatewayHost.StartAsync();

        var response = await host.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        await response.ShouldBeErrorAsync((HttpStatusCode)status, code);
        if (status == 405) response.Header("allow").ShouldBe(path is "/v1/chat/completions" or "/v1/embeddings" ? "POST" : "GET");
    }

    [Theory]
    [InlineData("application/json", 200)]
    [InlineData("application/json; charset=utf-8", 200)]
    [InlineData("Application/JSON", 200)]
    [InlineData("application/vnd.api+json", 200)]
    [InlineData("text/plain", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("text/x+json", 415)]
    [InlineData("application/jsonp", 415)]
    [InlineData(null, 415)]
    public async Task ContentType_OtherThanJson_Is415(string? type, int status)
    {
        await using var host = await GatewayHost.StartAsync();
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Prompt));
        if (type is not null) content.Headers.TryAddWithoutValidation("Content-Type", type).ShouldBeTrue();

        var response = await host.Client.PostAsync("/v1/chat/completions", content);

        if (status == 200) response.StatusCode.ShouldBe(HttpStatusCode.OK);
        else (await response.ShouldBeErrorAsync(HttpStatusCode.UnsupportedMediaType)).GetProperty("param").GetString().ShouldBe("Content-Type");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("identity, gzip")]
    public async Task Body_Compressed_Is415(string encoding)
    {
        await using var host = await GatewayHost.StartAsync();
        var content = new StringContent(Prompt, Encoding.UTF8, "application/json");
        content.Headers.TryAddWithoutValidation("Content-Encoding", encoding).ShouldBeTrue();

        var response = await host.Client.PostAsync("/v1/chat/completions", content);

        await response.ShouldBeErrorAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_content_encoding");
        response.Header("accept-encoding").ShouldBe("identity");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_Empty_Is400(bool chunked)
    {
        await using var host = await GatewayHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/completions") { Content = new StringContent("", Encoding.UTF8, "application/json") };
        request.Headers.TransferEncodingChunked = chunked;

        await (await host.Client.SendAsync(request)).ShouldBeErrorAsync(HttpStatusCode.BadRequest, "empty_body");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_Of50Megabytes_Is413(bool chunked)
    {
        await using var host = await GatewayHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new ByteArrayContent(new byte[50_000_000]) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TransferEncodingChunked = chunked;

        await (await host.Client.SendAsync(request)).ShouldBeErrorAsync(HttpStatusCode.RequestEntityTooLarge, "request_too_large");
        (await host.ChatAsync(Prompt)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(1024, true)]
    [InlineData(1025, false)]
    public async Task Body_AtItsBound_IsTaken(int size, bool taken)
    {
        await using var host = await GatewayHost.StartAsync(new() { ["OrleansCache:Gateway:MaxBodyBytes"] = "1024" });

        var response = await host.ChatAsync(Prompt.PadRight(size));

        if (taken) response.StatusCode.ShouldBe(HttpStatusCode.OK);
        else await response.ShouldBeErrorAsync(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Body_TruncatedByAHalfClosedConnection_IsNotAPrompt()
    {
        await using var host = await GatewayHost.StartAsync();
        using var raw = await RawClient.ConnectAsync(host.Address);
        await raw.SendAsync("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"model\":");
        raw.EndSending();

        // The server may take a connection that is half closed in the middle of a body for one that is gone.
        string answer;
        try
        {
            answer = await raw.ReadToEndAsync();
        }
        catch (IOException)
        {
            answer = "";
        }

        if (answer.Length > 0) answer.ShouldContain("truncated_body");
        host.Owners.Asked.ShouldBeEmpty();
        (await host.ChatAsync(Prompt)).StatusCode.ShouldBe(HttpStatusCode.OK);
        host.Logs.Lines.ShouldNotContain(static l => l.StartsWith("Error"));
    }

    [Fact]
    public async Task Body_OfAConnectionThatIsReset_HarmsNobody()
    {
        await using var host = await GatewayHost.StartAsync();
        for (var i = 0; i < 10; i++)
        {
            using var raw = await RawClient.ConnectAsync(host.Address);
            await raw.SendAsync("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"model\":");
            raw.Reset();
        }

        (await host.ChatAsync(Prompt)).StatusCode.ShouldBe(HttpStatusCode.OK);
        host.Owners.Asked.Count.ShouldBe(1);
        host.Logs.Lines.ShouldNotContain(static l => l.StartsWith("Error"));
    }

    [Theory]
    [InlineData(40_000)]
    [InlineData(1_000_000)]
    public async Task Headers_OverTheBound_Are431(int size)
    {
        await using var host = await GatewayHost.StartAsync();
        using var raw = await RawClient.ConnectAsync(host.Address);

        var sending = raw.SendAsync($"GET /health/live HTTP/1.1\r\nHost: localhost\r\nx-large: {new string('h', size)}\r\n\r\n");
        var answer = await raw.ReadUntilAsync("headers_too_large");

        answer.ShouldStartWith("HTTP/1.1 431");
        answer.ShouldContain("application/json");
        answer.ShouldContain("x-request-id: req_");
        await Task.WhenAny(sending);
        (await host.ChatAsync(Prompt)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Headers_OverTheBound_AreAnErrorToAProperClient()
    {
        await using var host = await GatewayHost.StartAsync();

        var response = await host.Client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/health/live") { Headers = { { "x-large", new string('h', 40_000) } } });

        await response.ShouldBeErrorAsync(HttpStatusCode.RequestHeaderFieldsTooLarge, "headers_too_large");
    }

    [Theory]
    [InlineData("GET /health/live HTTP/1.1\r\nHost: localhost\r\nx-bad: a\0b\r\n\r\n", 400)]
    [InlineData("GET /health/live HTTP/1.1\r\n\r\n", 400)]
    [InlineData("hello\r\n\r\n", 400)]
    [InlineData("GET /health/live HTTP/9.9\r\nHost: localhost\r\n\r\n", 505)]
    [InlineData("POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", 400)]
    public async Task Request_NotHttp_IsRefusedInOpenAiShape(string text, int status)
    {
        await using var host = await GatewayHost.StartAsync();
        using var raw = await RawClient.ConnectAsync(host.Address);
        await raw.SendAsync(text);

        var answer = await raw.ReadToEndAsync();

        answer.ShouldStartWith($"HTTP/1.1 {status}");
        answer.ShouldContain("malformed_request");
    }

    [Fact]
    public async Task Exception_BeforeAnyAwait_Is500WithoutDetails()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Owners.Ask = (_, _) => throw new InvalidOperationException("inner detail");

        var error = await (await host.ChatAsync(Prompt)).ShouldBeErrorAsync(HttpStatusCode.InternalServerError, "internal_error");

        error.GetRawText().ShouldNotContain("inner detail");
    }

    [Fact]
    public async Task Exception_AfterTheHeadersOfAnAnswer_Is500WithoutThem()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Owners.Ask = (request, _) => ValueTask.FromResult(host.Owners.Whole(request, CacheSource.Stale) with
        {
            StoreDegraded = true,
            Refusal = new Refusal(429, default, "application/json", null!),
        });

        var response = await host.ChatAsync(Prompt, ("x-request-id", "mine"));

        await response.ShouldBeErrorAsync(HttpStatusCode.InternalServerError, "internal_error");
        response.Header("x-request-id").ShouldBe("mine");
        foreach (var name in (string[])["x-cache", "x-cache-key", "x-cache-ttl", "x-cache-degraded", "age", "server-timing"])
            response.Header(name).ShouldBeNull(name);
    }

    [Fact]
    public async Task Body_SentTooSlowly_Is408()
    {
        await using var host = await GatewayHost.StartAsync(new()
        {
            ["OrleansCache:Gateway:MinDataRate"] = "1000000",
            ["OrleansCache:Gateway:DataRateGrace"] = "00:00:02",
        });
        using var raw = await RawClient.ConnectAsync(host.Address);
        await raw.SendAsync("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"model\":");

        var answer = await raw.ReadAnswerAsync();

        answer.ShouldStartWith("HTTP/1.1 408");
        answer.ShouldContain("request_timeout");
    }
}
