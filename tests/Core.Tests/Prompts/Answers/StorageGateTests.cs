using System.Text;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Prompts.Answers;

namespace OrleansCache.Core.Tests.Prompts.Answers;

public sealed class StorageGateTests
{
    private const string Good = """{"choices":[{"index":0,"message":{"role":"assistant","content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":4}}""";

    [Theory]
    [InlineData(Good)]
    [InlineData("""{"error":null,"choices":[{"message":{"content":"x"},"finish_reason":"length"}]}""")]
    [InlineData("""{"choices":[{"message":{"content":null,"tool_calls":[{"function":{"name":"f","arguments":"{\"a\":\"\\ud83d\"}"}},{"type":"custom","custom":{"input":"{"}}]},"finish_reason":"tool_calls"}]}""")]
    [InlineData("""{"choices":[{"message":{"tool_calls":[{"function":{"name":"f","arguments":""}}]},"finish_reason":"tool_calls"}]}""")]
    [InlineData("""{"choices":[{"message":{"tool_calls":[{"function":{"name":"f","arguments":{}}}]},"finish_reason":"tool_calls"}]}""")]
    public void Chat_Complete_IsStored(string body) => Judge(body).ShouldBeNull();

    [Theory]
    [InlineData("", GateReasons.Empty)]
    [InlineData(" \n", GateReasons.Empty)]
    [InlineData("{", GateReasons.NotJson)]
    [InlineData("[]", GateReasons.NotJson)]
    [InlineData("<html>", GateReasons.NotJson)]
    [InlineData(Good + "{}", GateReasons.NotJson)]
    [InlineData("""{"error":{"message":"overloaded"}}""", GateReasons.ErrorBody)]
    [InlineData("""{"choices":[{"message":{},"finish_reason":"stop"}],"error":"late"}""", GateReasons.ErrorBody)]
    [InlineData("""{"choices":[{"message":{},"finish_reason":"error"}]}""", GateReasons.ErrorBody)]
    [InlineData("""{"choices":[{"message":{},"finish_reason":"stop","error":{"code":502}}]}""", GateReasons.ErrorBody)]
    [InlineData("{}", GateReasons.NoChoices)]
    [InlineData("""{"choices":[]}""", GateReasons.NoChoices)]
    [InlineData("""{"choices":null}""", GateReasons.NoChoices)]
    [InlineData("""{"choices":{"0":{}}}""", GateReasons.NoChoices)]
    [InlineData("""{"choices":[{"message":{"content":"x"}}]}""", GateReasons.NoFinishReason)]
    [InlineData("""{"choices":[{"message":{"content":"x"},"finish_reason":null}]}""", GateReasons.NoFinishReason)]
    [InlineData("""{"choices":[{"message":{"content":"x"},"finish_reason":""}]}""", GateReasons.NoFinishReason)]
    [InlineData("""{"choices":[{"message":{"content":"x"},"finish_reason":"stop"},{"message":{"content":"x"},"finish_reason":null}]}""", GateReasons.NoFinishReason)]
    [InlineData("""{"choices":[{"message":{"content":"x"},"finish_reason":null},{"message":{"content":"x"},"finish_reason":"stop"}]}""", GateReasons.NoFinishReason)]
    [InlineData("""{"choices":[{"message":{"content":"x"},"finish_reason":"content_filter"}]}""", GateReasons.ContentFilter)]
    [InlineData("""{"choices":[{"finish_reason":"stop"}]}""", GateReasons.Empty)]
    [InlineData("""{"choices":[5]}""", GateReasons.Empty)]
    [InlineData("""{"choices":[{"message":{"tool_calls":[{"function":{"arguments":"{\"a\":"}}]},"finish_reason":"tool_calls"}]}""", GateReasons.BadToolArguments)]
    [InlineData("""{"choices":[{"message":{"tool_calls":[{"function":{"arguments":"{}{}"}}]},"finish_reason":"tool_calls"}]}""", GateReasons.BadToolArguments)]
    [InlineData("""{"choices":[{"message":{"function_call":{"arguments":"nope"}},"finish_reason":"function_call"}]}""", GateReasons.BadToolArguments)]
    public void Chat_Incomplete_IsNotStored(string body, string reason) => Judge(body).ShouldBe(reason);

    [Theory]
    [InlineData(199)]
    [InlineData(301)]
    [InlineData(429)]
    [InlineData(500)]
    public void Status_NotSuccess_IsNotStored(int status) =>
        StorageGate.Judge(PromptEndpoint.ChatCompletions, status, Encoding.UTF8.GetBytes(Good), true).Reason.ShouldBe(GateReasons.Status);

    [Fact]
    public void Stream_BrokenOff_IsNotStoredButItsTokensCount()
    {
        var verdict = StorageGate.Judge(PromptEndpoint.ChatCompletions, 200, Encoding.UTF8.GetBytes(Good), endedProperly: false);
        verdict.ShouldBe(new GateVerdict(GateReasons.Truncated, new TokenUsage(3, 4)));
        verdict.Stores.ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"choices":[{"text":"","finish_reason":"stop"}]}""", null)]
    [InlineData("""{"choices":[{"message":{},"finish_reason":"stop"}]}""", GateReasons.Empty)]
    public void Legacy_NeedsText(string body, string? reason) => Judge(body, PromptEndpoint.Completions).ShouldBe(reason);

    [Theory]
    [InlineData("""{"data":[{"embedding":[0.1]},{"embedding":"AACAPw=="}],"usage":{"prompt_tokens":5}}""", null)]
    [InlineData("""{"data":[]}""", GateReasons.Empty)]
    [InlineData("""{"data":null}""", GateReasons.Empty)]
    [InlineData("{}", GateReasons.Empty)]
    [InlineData("""{"data":[{"embedding":[0.1]},{"embedding":[]}]}""", GateReasons.Empty)]
    [InlineData("""{"data":[{"embedding":""}]}""", GateReasons.Empty)]
    [InlineData("""{"data":[7]}""", GateReasons.Empty)]
    [InlineData("""{"data":[{"embedding":7}]}""", GateReasons.Empty)]
    public void Embeddings_NeedData(string body, string? reason) => Judge(body, PromptEndpoint.Embeddings).ShouldBe(reason);

    [Theory]
    [InlineData("""{"prompt_tokens":3,"completion_tokens":4,"details":{"prompt_tokens":9}}""", 3, 4)]
    [InlineData("""{"prompt_tokens":-3,"completion_tokens":1e99}""", 0, int.MaxValue)]
    [InlineData("""{"prompt_tokens":"3","completion_tokens":null}""", 0, 0)]
    [InlineData("""{"prompt_tokens":2.0,"completion_tokens":99999999999}""", 2, int.MaxValue)]
    [InlineData("null", 0, 0)]
    [InlineData("[1]", 0, 0)]
    public void Usage_IsReadAndBounded(string usage, int prompt, int completion)
    {
        var body = $$"""{"usage":{{usage}},"choices":[{"message":{},"finish_reason":"stop"}]}""";
        StorageGate.Judge(PromptEndpoint.ChatCompletions, 200, Encoding.UTF8.GetBytes(body), true)
            .ShouldBe(new GateVerdict(null, new TokenUsage(prompt, completion)));
    }

    [Fact]
    public void Reasons_AreTheClosedSet() => GateReasons.All.ShouldBe(
        ["status", "truncated", "empty", "not_json", "error_body", "no_choices", "no_finish_reason", "content_filter", "bad_tool_arguments"]);

    [Fact]
    public void Stream_DoneWithoutFinishReason_IsNotStored()
    {
        var folder = new StreamFolder(PromptEndpoint.ChatCompletions);
        folder.Add("""{"choices":[{"index":0,"delta":{"content":"Half an ans"},"finish_reason":null}]}"""u8.ToArray());
        StorageGate.Judge(PromptEndpoint.ChatCompletions, 200, folder.ToBody(), endedProperly: true).Reason.ShouldBe(GateReasons.NoFinishReason);
    }

    [Fact]
    public void Fuzz_AnyBytes_NeverThrowsAndEveryCutIsRefused()
    {
        var random = new Random(11);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(Good);
            for (var n = random.Next(4); n > 0; n--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var verdict = StorageGate.Judge((PromptEndpoint)random.Next(1, 4), 200, bytes, true);
            if (verdict.Reason is not null) GateReasons.All.ShouldContain(verdict.Reason);
        }

        var good = Encoding.UTF8.GetBytes(Good);
        for (var length = 0; length < good.Length; length++)
            StorageGate.Judge(PromptEndpoint.ChatCompletions, 200, good.AsSpan(0, length), true).Stores.ShouldBeFalse();
    }

    private static string? Judge(string body, PromptEndpoint endpoint = PromptEndpoint.ChatCompletions)
    {
        var verdict = StorageGate.Judge(endpoint, 200, Encoding.UTF8.GetBytes(body), endedProperly: true);
        verdict.Stores.ShouldBe(verdict.Reason is null);
        return verdict.Reason;
    }
}
