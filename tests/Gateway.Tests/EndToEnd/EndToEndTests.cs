using System.Net;
using OrleansCache.Gateway.Tests.Hosting;
using OrleansCache.Testing;

namespace OrleansCache.Gateway.Tests.EndToEnd;

/// <summary>The gateway over the real owners.</summary>
public sealed class EndToEndTests
{
    private const string Plain = """{"model":"m","messages":[{"role":"user","content":"hi"}]}""";
    private const string Streamed = """{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true}""";

    [Theory]
    [InlineData(Plain, Plain)]
    [InlineData(Streamed, Streamed)]
    [InlineData(Plain, Streamed)]
    [InlineData(Streamed, Plain)]
    public async Task SecondRequest_InEitherForm_IsHitWithTheSameAnswer(string first, string second)
    {
        await using var host = await StartAsync();

        var asked = await host.ChatAsync(first);
        var answer = await asked.TextAsync();
        var again = await host.ChatAsync(second);

        asked.Header("x-cache").ShouldBe("MISS");
        again.Header("x-cache").ShouldBe("HIT");
        again.Header("x-cache-key").ShouldBe(asked.Header("x-cache-key"));
        var text = await again.TextAsync();
        if (first == Plain && second == Plain) text.ShouldBe(answer);
        text.ShouldContain("chatcmpl-1");
        (second == Streamed).ShouldBe(text.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal));
        host.Upstream.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task ManyIdenticalRequests_AtOnce_AreOneCall()
    {
        await using var host = await StartAsync();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Upstream.Handler = async (request, _) =>
        {
            await gate.Task;
            return await CannedUpstream.AnswerAsync(host.Upstream, request);
        };

        var asked = Enumerable.Range(0, 200).Select(i => host.ChatAsync(i % 2 == 0 ? Plain : Streamed)).ToList();
        gate.SetResult();
        var answers = await Task.WhenAll(asked);

        answers.ShouldAllBe(static r => r.StatusCode == HttpStatusCode.OK);
        (await Task.WhenAll(answers.Select(static r => r.TextAsync()))).ShouldAllBe(static t => t.Contains("chatcmpl-1"));
        answers.Count(static r => r.Header("x-cache") == "MISS").ShouldBe(1);
        host.Upstream.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task LateJoiner_OfALiveStream_HasItsFirstPartAtOnce()
    {
        await using var host = await StartAsync();
        var stream = new ScriptedStream().Push(CannedUpstream.Chunk("c", """{"role":"assistant","content":"first"}"""));
        host.Upstream.Handler = (_, _) => Task.FromResult(stream.Answer);
        using var early = await host.ChatAsync(Streamed);

        using var late = await host.ChatAsync(Streamed);
        using var reader = new StreamReader(await late.Content.ReadAsStreamAsync());
        (await reader.ReadLineAsync().WaitAsync(GatewayHost.Patience))!.ShouldContain("first");
        stream.Push(CannedUpstream.Chunk("c", """{"content":"second"}""")).Push(CannedUpstream.Chunk("c", "{}", "\"stop\"")).Complete();

        late.Header("x-cache").ShouldBe("COALESCED");
        (await reader.ReadToEndAsync()).ShouldContain("second");
        (await early.TextAsync()).ShouldEndWith("data: [DONE]\n\n");
    }

    [Fact]
    public async Task FirstCaller_LeavingALiveStream_HarmsNobody()
    {
        await using var host = await StartAsync();
        var stream = new ScriptedStream().Push(CannedUpstream.Chunk("c", """{"role":"assistant","content":"first"}"""));
        host.Upstream.Handler = (_, _) => Task.FromResult(stream.Answer);
        var first = await host.ChatAsync(Streamed);
        using var second = await host.ChatAsync(Streamed);

        first.Dispose();
        stream.Push(CannedUpstream.Chunk("c", """{"content":"second"}""")).Push(CannedUpstream.Chunk("c", "{}", "\"stop\"")).Complete();

        var text = await second.TextAsync();
        text.ShouldContain("second");
        text.ShouldEndWith("data: [DONE]\n\n");
    }

    [Fact]
    public async Task OnlyIfCached_WithoutAHit_Is504()
    {
        await using var host = await StartAsync();

        await (await host.ChatAsync(Plain, ("Cache-Control", "only-if-cached"))).ShouldBeErrorAsync(HttpStatusCode.GatewayTimeout);

        host.Upstream.Calls.ShouldBe(0);
    }

    [Fact]
    public async Task Directives_NoStoreAndNoCache_DoWhatTheySay()
    {
        await using var host = await StartAsync();

        (await host.ChatAsync(Plain, ("Cache-Control", "no-store"))).Header("x-cache").ShouldBe("BYPASS");
        (await host.ChatAsync(Plain)).Header("x-cache").ShouldBe("MISS");
        (await host.ChatAsync(Plain, ("Cache-Control", "no-cache"))).Header("x-cache").ShouldBe("MISS");
        var hit = await host.ChatAsync(Plain);
        hit.Header("x-cache").ShouldBe("HIT");
        (await hit.TextAsync()).ShouldContain("chatcmpl-3");
    }

    [Fact]
    public async Task Ttl_OfTheCaller_IsTold()
    {
        await using var host = await StartAsync();

        var response = await host.ChatAsync(Plain, ("x-cache-ttl", "120"));

        int.Parse(response.Header("x-cache-ttl")!).ShouldBeInRange(118, 120);
    }

    [Fact]
    public async Task Error_OfTheUpstream_IsHandedOnAndNotKept()
    {
        await using var host = await StartAsync();
        host.Upstream.Handler = static (_, _) => Task.FromResult(
            ScriptedUpstream.Json("""{"error":{"message":"m","type":"t","param":null,"code":"c"}}""", 429, ("retry-after", "3")));

        var first = await host.ChatAsync(Plain);
        await host.ChatAsync(Plain);

        await first.ShouldBeErrorAsync(HttpStatusCode.TooManyRequests, "c");
        first.Header("retry-after").ShouldBe("3");
        host.Upstream.Calls.ShouldBe(2);
    }

    private static async Task<GatewayHost> StartAsync()
    {
        var host = await GatewayHost.StartAsync(realOwners: true);
        host.Upstream.Handler = (request, _) => CannedUpstream.AnswerAsync(host.Upstream, request);
        return host;
    }
}
