using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Upstream;
using OrleansCache.Core.Upstream.Simulation;
using OrleansCache.Testing;

namespace OrleansCache.Core.Tests.Upstream;

public sealed class SimulatedUpstreamTests
{
    private const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    private const string Tools = """
        "tools":[{"type":"function","function":{"name":"look","parameters":{"type":"object","properties":
        {"city":{"type":"string"},"days":{"type":"integer"},"unit":{"enum":["c","f"]},"tags":{"type":"array","items":{"type":"boolean"}}}}}},
        {"type":"function","function":{"name":"book"}}]
        """;

    private readonly SimulatedUpstream _upstream = new();

    public static TheoryData<string> Shapes =>
    [
        "",
        "\"n\":3",
        "\"logprobs\":true,\"top_logprobs\":2",
        "\"reasoning_effort\":\"low\"",
        "\"max_tokens\":3",
        "\"x_simulate\":{\"shape\":\"refusal\"}",
        "\"x_simulate\":{\"shape\":\"annotations\"}",
        "\"x_simulate\":{\"shape\":\"reasoning\",\"tokens\":200}",
        "\"x_simulate\":{\"shape\":\"tool_calls\"},\"n\":2",
        "\"x_simulate\":{\"bytes\":32768}",
        "\"response_format\":{\"type\":\"json_object\"}",
        Tools,
        Tools + ",\"parallel_tool_calls\":false",
        Tools + ",\"tool_choice\":\"none\"",
    ];

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Chat_StreamedAndFolded_EqualsThePlainAnswer(string extra)
    {
        var plain = await CallAsync(Chat(extra));
        var streamed = await CallAsync(Chat(extra), stream: true);

        plain.Status.ShouldBe(200);
        var (folded, events) = await FoldedAnswer.FoldAsync(streamed);
        events.ShouldBeGreaterThan(3);
        FoldedAnswer.ShouldEqual(folded, FoldedAnswer.Parse(plain));
    }

    [Theory]
    [InlineData("\"prompt\":\"a\"")]
    [InlineData("\"prompt\":[\"a\",\"b\"],\"n\":2,\"logprobs\":1")]
    [InlineData("\"prompt\":\"say \",\"echo\":true,\"max_tokens\":2")]
    [InlineData("\"prompt\":[1,2,3]")]
    public async Task Legacy_StreamedAndFolded_EqualsThePlainAnswer(string extra)
    {
        var body = $$"""{"model":"gpt-3.5-turbo-instruct",{{extra}}}""";
        var plain = await CallAsync(body, endpoint: PromptEndpoint.Completions);
        var (folded, _) = await FoldedAnswer.FoldAsync(await CallAsync(body, stream: true, PromptEndpoint.Completions), PromptEndpoint.Completions);

        FoldedAnswer.ShouldEqual(folded, FoldedAnswer.Parse(plain));
    }

    [Fact]
    public async Task Legacy_TwoPromptsTwoSamples_GivesFourDifferentChoices()
    {
        var answer = FoldedAnswer.Parse(await CallAsync("""{"model":"m","prompt":["a","b"],"n":2}""", endpoint: PromptEndpoint.Completions));

        answer["choices"]!.AsArray().Select(c => c!["text"]!.GetValue<string>()).Distinct().Count().ShouldBe(4);
    }

    [Fact]
    public async Task Chat_SamePromptSpelledOtherwise_DiffersOnlyInTheId()
    {
        var first = FoldedAnswer.Parse(await CallAsync("""{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":false}"""));
        var second = FoldedAnswer.Parse(await CallAsync("""{ "messages" : [ {"content":"h\u0069","role":"user"} ], "model":"m" }"""));

        first["id"]!.GetValue<string>().ShouldNotBe(second["id"]!.GetValue<string>());
        FoldedAnswer.ShouldEqual(first, second);
        _upstream.Calls.ShouldBe(2);
    }

    [Fact]
    public async Task Chat_OtherPrompt_GetsAnotherAnswer()
    {
        var contents = new HashSet<string>();
        for (var i = 0; i < 20; i++) contents.Add(Content(await CallAsync(Chat($"\"seed\":{i}"))));

        contents.Count.ShouldBe(20);
    }

    [Fact]
    public async Task Chat_StableIds_GivesTheSameBytes()
    {
        var upstream = new SimulatedUpstream(new SimulationOptions { StableIds = true });
        var request = ScriptedUpstream.Request(Chat());

        var first = await upstream.CallAsync(request, default);
        var second = await upstream.CallAsync(request, default);

        FoldedAnswer.Text(second.Body).ShouldBe(FoldedAnswer.Text(first.Body));
    }

    [Fact]
    public async Task Chat_Tools_CallsThemInParallelWithArgumentsThatFit()
    {
        var answer = FoldedAnswer.Parse(await CallAsync(Chat(Tools)));

        var choice = answer["choices"]![0]!;
        choice["finish_reason"]!.GetValue<string>().ShouldBe("tool_calls");
        var calls = choice["message"]!["tool_calls"]!.AsArray();
        calls.Select(c => c!["function"]!["name"]!.GetValue<string>()).ShouldBe(["look", "book"]);
        var arguments = JsonNode.Parse(calls[0]!["function"]!["arguments"]!.GetValue<string>())!.AsObject();
        arguments.Select(a => a.Key).ShouldBe(["city", "days", "unit", "tags"]);
        arguments["unit"]!.GetValue<string>().ShouldBeOneOf("c", "f");
        arguments["days"]!.GetValueKind().ShouldBe(JsonValueKind.Number);
    }

    [Fact]
    public async Task Chat_AfterAToolsAnswer_AnswersInText()
    {
        var body = $$"""{"model":"m","messages":[{"role":"user","content":"q"},{"role":"tool","tool_call_id":"1","content":"r"}],{{Tools}}}""";

        Content(await CallAsync(body)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Chat_JsonSchema_GivesContentThatFits()
    {
        const string Format = """
            "response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"object","properties":{"ok":{"type":"boolean"}}}}}
            """;

        var content = JsonNode.Parse(Content(await CallAsync(Chat(Format))))!;

        content["ok"]!.GetValueKind().ShouldBeOneOf(JsonValueKind.True, JsonValueKind.False);
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(32768)]
    public async Task Chat_Bytes_GivesABodyOfThatSize(int bytes) =>
        (await CallAsync(Chat($"\"x_simulate\":{{\"bytes\":{bytes}}}"))).Body.Length.ShouldBe(bytes);

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData(" 1")]
    [InlineData("1\\u0000")]
    [InlineData("86401")]
    [InlineData("")]
    [InlineData(".")]
    public async Task Chat_RetryAfterIsNoSeconds_Is400(string wait)
    {
        var answer = await CallAsync(Chat($"\"x_simulate\":{{\"status\":429,\"retry_after\":\"{wait}\"}}"));

        answer.Status.ShouldBe(400);
    }

    [Theory]
    [InlineData(400, "invalid_value", null)]
    [InlineData(401, "invalid_api_key", null)]
    [InlineData(429, "rate_limit_exceeded", "7")]
    [InlineData(500, null, null)]
    [InlineData(503, "overloaded", "1")]
    public async Task Chat_StatusAskedInFieldOrModel_Answers(int status, string? code, string? retryAfter)
    {
        var wait = status == 429 ? 7 : (int?)null;
        var field = await CallAsync(Chat($"\"x_simulate\":{{\"status\":{status}{(wait is null ? "" : ",\"retry_after\":7")}}}"), stream: true);
        var name = await CallAsync($$"""{"model":"gpt-4o+status={{status}}{{(wait is null ? "" : "+retry_after=7")}}",{{Messages}}}""");

        foreach (var answer in new[] { field, name })
        {
            answer.Status.ShouldBe(status);
            answer.Events.ShouldBeNull();
            FoldedAnswer.Parse(answer)["error"]!["code"]?.GetValue<string>().ShouldBe(code);
            answer.Headers.FirstOrDefault(h => h.Key == "retry-after").Value.ShouldBe(retryAfter);
        }
    }

    [Fact]
    public async Task Chat_Truncate_EndsWithoutAFinishReason()
    {
        var answer = await CallAsync(Failing("truncate", 3), stream: true);

        var (folded, events) = await FoldedAnswer.FoldAsync(answer);
        events.ShouldBe(3);
        folded["choices"]![0]!["finish_reason"].ShouldBeNull();
        FoldedAnswer.Parse(await CallAsync(Failing("truncate", 3)))["choices"]![0]!["finish_reason"].ShouldBeNull();
    }

    [Fact]
    public async Task Chat_NoDone_EndsWithoutDone()
    {
        var answer = await CallAsync(Failing("no_done", 1), stream: true);

        (await ReadAsync(answer)).Count.ShouldBeGreaterThan(3);
        answer.SawDone().ShouldBeFalse();
    }

    [Fact]
    public async Task Chat_Malformed_SendsAnEventThatIsNoJson()
    {
        var events = await ReadAsync(await CallAsync(Failing("malformed", 2), stream: true));

        Should.Throw<JsonException>(() => JsonDocument.Parse(events[2]));
        JsonNode.Parse(events[3])!["object"]!.GetValue<string>().ShouldBe("chat.completion.chunk");
        var plain = (await CallAsync(Failing("malformed", 2))).Body;
        Should.Throw<JsonException>(() => JsonDocument.Parse(plain));
    }

    [Fact]
    public async Task Chat_Error_EndsWithAnErrorEvent()
    {
        var answer = await CallAsync(Failing("error", 2), stream: true);

        var events = await ReadAsync(answer);
        events.Count.ShouldBe(3);
        JsonNode.Parse(events[2])!["error"]!["type"]!.GetValue<string>().ShouldBe("server_error");
        answer.SawDone().ShouldBeFalse();
    }

    [Fact]
    public async Task Chat_Reset_BreaksAfterItsEvents()
    {
        var answer = await CallAsync(Failing("reset", 2), stream: true);
        List<string> seen = [];

        var fault = await Should.ThrowAsync<UpstreamException>(async () =>
        {
            await foreach (var data in answer.Events!) seen.Add(FoldedAnswer.Text(data));
        });

        fault.Fault.ShouldBe(UpstreamFault.Reset);
        seen.Count.ShouldBe(2);
        (await Should.ThrowAsync<UpstreamException>(() => CallAsync(Failing("reset", 2)))).Fault.ShouldBe(UpstreamFault.Reset);
    }

    [Fact]
    public async Task Chat_Stall_WaitsForTheIdleDeadline()
    {
        var clock = new ManualClock();
        var upstream = new SimulatedUpstream(clock: clock, idleTimeout: TimeSpan.FromSeconds(5));
        var answer = await upstream.CallAsync(ScriptedUpstream.Request(Failing("stall", 1), stream: true), default);
        await using var events = answer.Events!.GetAsyncEnumerator();
        (await events.MoveNextAsync()).ShouldBeTrue();
        var next = events.MoveNextAsync().AsTask();

        clock.Advance(TimeSpan.FromSeconds(4.9));
        next.IsCompleted.ShouldBeFalse();
        clock.Advance(TimeSpan.FromSeconds(0.1));

        (await Should.ThrowAsync<UpstreamException>(() => next.WaitAsync(TimeSpan.FromSeconds(20)))).Fault.ShouldBe(UpstreamFault.Timeout);
    }

    [Fact]
    public async Task Chat_Cancelled_StopsTheStall()
    {
        using var caller = new CancellationTokenSource();
        var answer = await _upstream.CallAsync(ScriptedUpstream.Request(Failing("stall", 0), stream: true), caller.Token);
        await using var events = answer.Events!.GetAsyncEnumerator();
        var next = events.MoveNextAsync().AsTask();

        await caller.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => next.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task Chat_LatencyAndPace_FollowTheClock()
    {
        var clock = new ManualClock();
        var upstream = new SimulatedUpstream(new SimulationOptions { Latency = TimeSpan.FromSeconds(2), TokensPerSecond = 10 }, clock: clock);
        var call = upstream.CallAsync(ScriptedUpstream.Request(Chat(), stream: true), default);

        clock.Advance(TimeSpan.FromSeconds(1.9));
        call.IsCompleted.ShouldBeFalse();
        clock.Advance(TimeSpan.FromSeconds(0.1));
        var answer = await call.WaitAsync(TimeSpan.FromSeconds(20));
        await using var events = answer.Events!.GetAsyncEnumerator();
        (await events.MoveNextAsync()).ShouldBeTrue();
        var second = events.MoveNextAsync().AsTask();
        second.IsCompleted.ShouldBeFalse();
        clock.Advance(TimeSpan.FromMilliseconds(100));
        (await second.WaitAsync(TimeSpan.FromSeconds(20))).ShouldBeTrue();
    }

    [Fact]
    public async Task Chat_FailureRate_FailsThatShareAlwaysTheSameWay()
    {
        var options = new SimulationOptions { FailureRate = 0.3, Failures = ["429", "503"] };
        var first = await StatusesAsync(new SimulatedUpstream(options));
        var second = await StatusesAsync(new SimulatedUpstream(options));

        second.ShouldBe(first);
        first.Count(s => s == 200).ShouldBeInRange(120, 160);
        first.Distinct().Order().ShouldBe([200, 429, 503]);

        static async Task<List<int>> StatusesAsync(SimulatedUpstream upstream)
        {
            List<int> statuses = [];
            for (var i = 0; i < 200; i++) statuses.Add((await upstream.CallAsync(ScriptedUpstream.Request(Chat()), default)).Status);
            return statuses;
        }
    }

    [Theory]
    [InlineData("not json", 400)]
    [InlineData("[]", 400)]
    [InlineData("""{"model":"m+nonsense"}""", 400)]
    [InlineData("""{"model":"m","x_simulate":{"status":200}}""", 400)]
    [InlineData("""{"model":"m","x_simulate":1}""", 400)]
    public async Task Chat_WrongRequest_IsRefused(string body, int status) => (await CallAsync(body)).Status.ShouldBe(status);

    [Fact]
    public async Task Chat_ModelNotListed_IsNotFound()
    {
        var upstream = new SimulatedUpstream(models: ["gpt-*"]);

        var known = await upstream.CallAsync(ScriptedUpstream.Request("""{"model":"gpt-9+refusal"}"""), default);
        var unknown = await upstream.CallAsync(ScriptedUpstream.Request("""{"model":"claude"}"""), default);

        known.Status.ShouldBe(200);
        unknown.Status.ShouldBe(404);
        FoldedAnswer.Parse(unknown)["error"]!["code"]!.GetValue<string>().ShouldBe("model_not_found");
    }

    [Fact]
    public async Task Embeddings_Batch_AreUnitVectorsThatDoNotDependOnTheBatch()
    {
        var both = FoldedAnswer.Parse(await CallAsync("""{"model":"e","input":["a","b"],"dimensions":64}""", endpoint: PromptEndpoint.Embeddings));
        var one = FoldedAnswer.Parse(await CallAsync("""{"model":"e","input":"b","dimensions":64,"encoding_format":"base64"}""", endpoint: PromptEndpoint.Embeddings));

        var second = both["data"]![1]!["embedding"]!.AsArray().Select(v => v!.GetValue<float>()).ToArray();
        second.Length.ShouldBe(64);
        second.Sum(v => (double)v * v).ShouldBe(1, 1e-5);
        MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(one["data"]![0]!["embedding"]!.GetValue<string>())).ToArray().ShouldBe(second);
        both["usage"]!["prompt_tokens"]!.GetValue<int>().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task ListModels_Always_ListsSome()
    {
        var list = FoldedAnswer.Parse(await _upstream.ListModelsAsync(default));

        list["data"]!.AsArray().Count.ShouldBeGreaterThan(2);
        _upstream.Calls.ShouldBe(0);
    }

    private static string Chat(string extra = "") => $"{{\"model\":\"gpt-4o\",{Messages}{(extra.Length > 0 ? "," : "")}{extra}}}";

    private static string Failing(string how, int after) => Chat($"\"x_simulate\":{{\"fail\":\"{how}\",\"after\":{after}}}");

    private static string Content(UpstreamAnswer answer) => FoldedAnswer.Parse(answer)["choices"]![0]!["message"]!["content"]!.GetValue<string>();

    private static async Task<List<string>> ReadAsync(UpstreamAnswer answer)
    {
        List<string> events = [];
        await foreach (var data in answer.Events.ShouldNotBeNull()) events.Add(Encoding.UTF8.GetString(data.Span));
        return events;
    }

    private Task<UpstreamAnswer> CallAsync(string body, bool stream = false, PromptEndpoint endpoint = PromptEndpoint.ChatCompletions) =>
        _upstream.CallAsync(ScriptedUpstream.Request(body, endpoint, stream), default);
}
