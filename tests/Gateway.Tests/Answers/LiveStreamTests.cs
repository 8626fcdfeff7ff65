using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Upstream;
using OrleansCache.Gateway.Statistics;
using OrleansCache.Gateway.Tests.Hosting;
using OrleansCache.Testing;

namespace OrleansCache.Gateway.Tests.Answers;

public sealed class LiveStreamTests
{
    private const string Prompt = """{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true}""";

    [Fact]
    public async Task FirstPart_BeforeTheSecondExists_IsReadable()
    {
        await using var host = await GatewayHost.StartAsync();
        var live = new LivePartsSource().Push("""{"n":1}""");
        host.Owners.Ask = (_, _) => ValueTask.FromResult(live.Answer());

        using var response = await host.ChatAsync(Prompt);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.ToString().ShouldBe("text/event-stream");
        response.Header("x-cache").ShouldBe("MISS");
        response.Header("age").ShouldBeNull();
        response.Header("server-timing")!.ShouldContain("upstream;dur=5.00");
        (await reader.ReadLineAsync().WaitAsync(GatewayHost.Patience)).ShouldBe("""data: {"n":1}""");
        live.Push("""{"n":2}""");
        (await reader.ReadLineAsync().WaitAsync(GatewayHost.Patience)).ShouldBe("");
        (await reader.ReadLineAsync().WaitAsync(GatewayHost.Patience)).ShouldBe("""data: {"n":2}""");
        live.End();
        (await reader.ReadToEndAsync().WaitAsync(GatewayHost.Patience)).ShouldBe("\ndata: [DONE]\n\n");
    }

    [Fact]
    public async Task Headers_BeforeTheFirstPart_AreHeldBack()
    {
        await using var host = await GatewayHost.StartAsync();
        var live = new LivePartsSource();
        host.Owners.Ask = (_, _) => ValueTask.FromResult(live.Answer());

        var response = host.ChatAsync(Prompt);
        await Task.WhenAny(response, Task.Delay(100));
        response.IsCompleted.ShouldBeFalse();
        live.Push("{}").End();

        (await response).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(""","stream_options":{"include_usage":true}""", true)]
    public async Task UsagePart_IsShownOnlyWhenAskedFor(string options, bool shown)
    {
        await using var host = await GatewayHost.StartAsync();
        var usage = """{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":5,"completion_tokens_details":{"reasoning_tokens":3}}}""";
        var live = new LivePartsSource().Push("""{"n":1}""").Push(usage, usageOnly: true);
        live.End();
        host.Owners.Ask = (_, _) => ValueTask.FromResult(live.Answer());

        var response = await host.ChatAsync($$"""{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true{{options}}}""");

        var events = Responses.Events(await response.TextAsync());
        events.ShouldBe(shown ? ["""{"n":1}""", usage, "[DONE]"] : ["""{"n":1}""", "[DONE]"]);
    }

    [Theory]
    [InlineData("""{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":5}}""", true)]
    [InlineData("""{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":5}}""", false)]
    [InlineData("""{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage": {"prompt_tokens":7,"completion_tokens":5}}""", false)]
    public async Task Usage_WhereverTheStreamTellsIt_IsCounted(string last, bool usageOnly)
    {
        await using var host = await GatewayHost.StartAsync();
        var live = new LivePartsSource()
            .Push("""{"choices":[{"index":0,"delta":{"content":"the \"usage\":{"}}],"usage":null}""")
            .Push(last, usageOnly);
        live.End();
        host.Owners.Ask = (_, _) => ValueTask.FromResult(live.Answer());

        await (await host.ChatAsync(Prompt)).TextAsync();

        var statistics = host.App.Services.GetRequiredService<RequestStatistics>();
        await Eventually.TrueAsync(() => statistics.Read().Total.Misses == 1);
        var spent = statistics.Read().Total.Spent;
        (spent.PromptTokens, spent.CompletionTokens).ShouldBe((7, 5));
    }

    [Fact]
    public async Task ManyParts_AlreadyThere_AllArriveInOrder()
    {
        await using var host = await GatewayHost.StartAsync();
        var live = new LivePartsSource();
        for (var i = 0; i < 5_000; i++) live.Push($$"""{"n":{{i}}}""");
        live.End();
        host.Owners.Ask = (_, _) => ValueTask.FromResult(live.Answer(CacheSource.Coalesced));

        var response = await host.ChatAsync(Prompt);

        var events = Responses.Events(await response.TextAsync());
        response.Header("x-cache").ShouldBe("COALESCED");
        events.Count.ShouldBe(5_001);
        for (var i = 0; i < 5_000; i++) events[i].ShouldBe($$"""{"n":{{i}}}""");
    }

    [Fact]
    public async Task Part_WithLineEnds_StaysOneEvent()
    {
        await using var host = await GatewayHost.StartAsync();
        var live = new LivePartsSource().Push("{\r\n\"n\":\n1}");
        live.End();
        host.Owners.Ask = (_, _) => ValueTask.FromResult(live.Answer());

        var response = await host.ChatAsync(Prompt);

        (await response.TextAsync()).ShouldBe("data: {\ndata: \"n\":\ndata: 1}\n\ndata: [DONE]\n\n");
    }

    [Theory]
    [InlineData(UpstreamFault.Reset, 502, "upstream_reset")]
    [InlineData(UpstreamFault.Timeout, 504, "upstream_timeout")]
    [InlineData(UpstreamFault.Unreachable, 502, "upstream_unreachable")]
    [InlineData(UpstreamFault.Protocol, 502, "upstream_protocol_error")]
    [InlineData(UpstreamFault.NotConfigured, 404, "model_not_found")]
    public async Task Stream_BrokenBeforeTheFirstPart_IsAnErrorStatus(UpstreamFault fault, int status, string code)
    {
        await using var host = await GatewayHost.StartAsync();
        var live = new LivePartsSource();
        live.End(new UpstreamException(fault, "The upstream 'a' broke off."));
        host.Owners.Ask = (_, _) => ValueTask.FromResult(live.Answer());

        var response = await host.ChatAsync(Prompt);

        var error = await response.ShouldBeErrorAsync((HttpStatusCode)status, code);
        error.GetProperty("message").GetString().ShouldBe("The upstream 'a' broke off.");
    }

    [Fact]
    public async Task Stream_BrokenInTheMiddle_EndsWithErrorEventAndNoProperEnd()
    {
        await using var host = await GatewayHost.StartAsync();
        for (var round = 0; round < 20; round++)
        {
            var live = new LivePartsSource().Push("""{"n":1}""");
            host.Owners.Ask = (_, _) => ValueTask.FromResult(live.Answer());
            using var raw = await RawClient.ConnectAsync(host.Address);
            await raw.SendAsync($"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {Prompt.Length}\r\n\r\n{Prompt}");
            if (round % 2 == 0) await raw.ReadUntilAsync("""{"n":1}""");
            live.End(new UpstreamException(UpstreamFault.Reset, "The upstream 'a' broke off."));

            var rest = await raw.ReadToEndAsync();

            rest.ShouldContain("""data: {"error":{"message":"The upstream 'a' broke off.","type":"upstream_error","param":null,"code":"upstream_reset"}}""");
            rest.ShouldNotContain("[DONE]");
            rest.ShouldNotEndWith("0\r\n\r\n");
        }
    }

    [Fact]
    public async Task Stream_Broken_IsSeenByAClientThatKnowsNoErrorEvents()
    {
        await using var host = await GatewayHost.StartAsync();
        var live = new LivePartsSource().Push("""{"n":1}""");
        host.Owners.Ask = (_, _) => ValueTask.FromResult(live.Answer());
        using var response = await host.ChatAsync(Prompt);
        live.End(new UpstreamException(UpstreamFault.Reset, "The upstream 'a' broke off."));

        await Should.ThrowAsync<HttpRequestException>(response.TextAsync());

        host.Logs.Lines.ShouldContain(static l => l.Contains("[5002]") && l.Contains("broke off after 1 parts"));
        host.Logs.Lines.ShouldNotContain(static l => l.StartsWith("Error"));
    }

    [Fact]
    public async Task Client_LeavingInTheMiddle_LeavesTheFlight()
    {
        await using var host = await GatewayHost.StartAsync();
        var live = new LivePartsSource().Push("""{"n":1}""");
        host.Owners.Ask = (_, _) => ValueTask.FromResult(live.Answer());
        var response = await host.ChatAsync(Prompt);
        await response.Content.ReadAsStreamAsync();

        response.Dispose();

        await live.Left.WaitAsync(GatewayHost.Patience);
        host.Logs.Lines.ShouldNotContain(static l => l.StartsWith("Error"));
    }

    [Fact]
    public async Task Client_LeavingWhileTheOwnerThinks_CancelsTheAskAlone()
    {
        await using var host = await GatewayHost.StartAsync();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Owners.Ask = async (_, token) =>
        {
            asked.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                cancelled.SetResult();
            }

            throw new InvalidOperationException("Not reached.");
        };
        using var leaving = new CancellationTokenSource();
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(Prompt, Encoding.UTF8, "application/json") };
        var sent = host.Client.SendAsync(request, leaving.Token);
        await asked.Task.WaitAsync(GatewayHost.Patience);

        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(sent);
        await cancelled.Task.WaitAsync(GatewayHost.Patience);
        host.Logs.Lines.ShouldNotContain(static l => l.StartsWith("Error"));
    }

    [Fact]
    public async Task SlowReader_OfALongStream_IsNotBufferedWithoutBound()
    {
        await using var host = await GatewayHost.StartAsync();
        var data = "{\"s\":\"" + new string('x', 64 << 10) + "\"}";
        var produced = 0;
        host.Owners.Ask = (_, _) => ValueTask.FromResult(new PromptAnswer { Source = CacheSource.Miss, Parts = Endless() });
        using var response = await host.ChatAsync(Prompt);
        using var body = await response.Content.ReadAsStreamAsync();

        // Nothing is read: production must come to rest when the buffers on the way are full.
        var last = -1;
        for (var i = 0; i < 100 && last != Volatile.Read(ref produced); i++)
        {
            last = Volatile.Read(ref produced);
            await Task.Delay(250);
        }

        last.ShouldBeInRange(1, 1_000);
        Volatile.Read(ref produced).ShouldBe(last);

        async IAsyncEnumerable<StreamPart> Endless()
        {
            while (true)
            {
                Interlocked.Increment(ref produced);
                yield return new StreamPart(Encoding.UTF8.GetBytes(data), false);
                await Task.Yield();
            }
        }
    }
}
