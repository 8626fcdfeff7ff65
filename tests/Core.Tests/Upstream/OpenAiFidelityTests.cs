using System.IO.Compression;
using System.Text;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Upstream;
using OrleansCache.Testing;

namespace OrleansCache.Core.Tests.Upstream;

public sealed class OpenAiFidelityTests : UpstreamTestBase
{
    private const string Odd =
        "{ \"model\":\"m\",\"zz\":[1e400,123456789012345678901234567890,-0,1.50],\"caf\\u00e9\":\"é\\u0000 雪 \\ud83d\\ude00\",\n \"n\":null, \"a\":{\"a\":1,\"a\":2}}";

    [Theory]
    [InlineData(PromptEndpoint.ChatCompletions, "/v1/chat/completions")]
    [InlineData(PromptEndpoint.Completions, "/v1/completions")]
    [InlineData(PromptEndpoint.Embeddings, "/v1/embeddings")]
    public async Task Call_OddBody_IsSentAndAnsweredByteForByte(PromptEndpoint endpoint, string path)
    {
        Server.Handler = ScriptedServer.Json(Odd);
        var upstream = Create();

        await using var answer = await upstream.CallAsync(Plain(Odd, endpoint), default);

        Encoding.UTF8.GetString(answer.Body.Span).ShouldBe(Odd);
        answer.ContentType.ShouldBe("application/json");
        var sent = Server.Requests.ShouldHaveSingleItem();
        sent.Method.ShouldBe("POST");
        sent.Path.ShouldBe(path);
        Encoding.UTF8.GetString(sent.Body).ShouldBe(Odd);
        sent.Headers["Content-Type"].ShouldBe("application/json");
        sent.Headers["Authorization"].ShouldBe("Bearer " + Key);
    }

    [Theory]
    [InlineData("", "/chat/completions")]
    [InlineData("/", "/chat/completions")]
    [InlineData("/v1", "/v1/chat/completions")]
    [InlineData("/v1/", "/v1/chat/completions")]
    [InlineData("/a/b//", "/a/b/chat/completions")]
    [InlineData("/openai?api-version=1", "/openai/chat/completions?api-version=1")]
    public async Task Call_AnyBaseUrl_AppendsTheEndpoint(string basePath, string expected)
    {
        var upstream = Create(o => o.BaseUrl = Server.BaseUrl[..^3] + basePath);

        await using var answer = await upstream.CallAsync(Plain(), default);

        Server.Requests.ShouldHaveSingleItem().Path.ShouldBe(expected);
    }

    [Fact]
    public async Task Call_NoKey_SendsNoAuthorization()
    {
        await using var answer = await Create(key: null).CallAsync(Plain(), default);

        Server.Requests.ShouldHaveSingleItem().Headers.Keys.ShouldNotContain("Authorization");
    }

    [Fact]
    public async Task Call_OrganizationAndProject_AreSent()
    {
        var upstream = Create(o => (o.Organization, o.Project) = ("org-1", "proj-1"));

        await using var answer = await upstream.CallAsync(Plain(), default);

        var headers = Server.Requests.ShouldHaveSingleItem().Headers;
        headers["OpenAI-Organization"].ShouldBe("org-1");
        headers["OpenAI-Project"].ShouldBe("proj-1");
    }

    [Fact]
    public async Task ListModels_Always_AsksModels()
    {
        Server.Handler = ScriptedServer.Json("""{"object":"list","data":[]}""");

        await using var answer = await Create().ListModelsAsync(default);

        Encoding.UTF8.GetString(answer.Body.Span).ShouldBe("""{"object":"list","data":[]}""");
        Server.Requests.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            r => r.Method.ShouldBe("GET"), r => r.Path.ShouldBe("/v1/models"));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    public async Task Call_ErrorStatus_IsAnAnswerAndCalledOnce(int status)
    {
        const string Error = """{"error":{"message":"no","type":"t","param":null,"code":"c"},"odd":1}""";
        Server.Handler = async context =>
        {
            context.Response.Headers["Retry-After"] = "2";
            context.Response.Headers["retry-after-ms"] = "1500";
            context.Response.Headers["X-RateLimit-Limit-Requests"] = "10";
            context.Response.Headers["x-request-id"] = "req_1";
            context.Response.Headers["openai-processing-ms"] = "7";
            context.Response.Headers["openai-organization"] = "acme-internal";
            context.Response.Headers["Set-Cookie"] = "a=b";
            context.Response.Headers["x-ratelimit-note"] = "später";
            await ScriptedServer.Json(Error, status)(context);
        };

        await using var answer = await Create().CallAsync(Streamed(), default);

        answer.Status.ShouldBe(status);
        answer.Events.ShouldBeNull();
        Encoding.UTF8.GetString(answer.Body.Span).ShouldBe(Error);
        answer.Headers.OrderBy(h => h.Key).Select(h => $"{h.Key}: {h.Value}").ShouldBe(
            ["openai-processing-ms: 7", "retry-after: 2", "retry-after-ms: 1500", "x-ratelimit-limit-requests: 10", "x-request-id: req_1"]);
        Server.Calls.ShouldBe(1);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Call_CompressedAnswer_IsDecompressed(string encoding)
    {
        Server.Handler = async context =>
        {
            context.Request.Headers.AcceptEncoding.ToString().ShouldContain(encoding);
            context.Response.ContentType = "application/json";
            context.Response.Headers.ContentEncoding = encoding;
            await using Stream body = encoding == "br" ? new BrotliStream(context.Response.Body, CompressionLevel.Fastest) : new GZipStream(context.Response.Body, CompressionLevel.Fastest);
            await body.WriteAsync(Encoding.UTF8.GetBytes(Odd));
        };

        await using var answer = await Create().CallAsync(Plain(), default);

        Encoding.UTF8.GetString(answer.Body.Span).ShouldBe(Odd);
    }

    [Fact]
    public async Task Call_LargeAnswerWithoutLength_IsWhole()
    {
        var body = "{\"x\":\"" + new string('a', 300_000) + "\"}";
        Server.Handler = async context =>
        {
            context.Response.ContentType = "application/json";
            foreach (var part in body.Chunk(70_000)) await ScriptedServer.SendAsync(context, new string(part));
        };

        await using var answer = await Create().CallAsync(Plain(), default);

        Encoding.UTF8.GetString(answer.Body.Span).ShouldBe(body);
    }

    [Fact]
    public async Task Call_StreamWithoutUsageOption_AsksForUsage()
    {
        await using var answer = await Create().CallAsync(ScriptedUpstream.Request("""{"stream":true}""", stream: true), default);

        Encoding.UTF8.GetString(Server.Requests[0].Body).ShouldBe("""{"stream":true,"stream_options":{"include_usage":true}}""");
    }

    [Fact]
    public async Task Call_RequestUsageOff_SendsTheBodyAsItIs()
    {
        var upstream = Create(o => o.RequestUsage = false);

        await using var answer = await upstream.CallAsync(ScriptedUpstream.Request("""{"stream":true}""", stream: true), default);

        Encoding.UTF8.GetString(Server.Requests[0].Body).ShouldBe("""{"stream":true}""");
    }

    [Fact]
    public async Task Call_Redirect_IsNotFollowed()
    {
        Server.Handler = context =>
        {
            context.Response.Redirect("/elsewhere", permanent: true);
            return Task.CompletedTask;
        };

        var fault = await Should.ThrowAsync<UpstreamException>(() => Create().CallAsync(Plain(), default));

        fault.Fault.ShouldBe(UpstreamFault.Protocol);
        fault.Message.ShouldContain("OrleansCache:Upstreams:0:BaseUrl");
        Server.Calls.ShouldBe(1);
    }
}
