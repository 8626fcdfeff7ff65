using System.Text;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts.Answers;

namespace OrleansCache.Core.Tests.Prompts.Answers;

/// <summary>Streams as providers send them, shortened.</summary>
public sealed class StreamFolderTests
{
    [Fact]
    public void Chat_PlainText_FoldsInOpenAiOrder()
    {
        var body = Fold(
            """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-4o","service_tier":"default","system_fingerprint":"fp","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"k3"}""",
            """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-4o","service_tier":"default","system_fingerprint":"fp","choices":[{"index":0,"delta":{"content":"Caf\u00e9 \ud83d"},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"x"}""",
            """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-4o","service_tier":"default","system_fingerprint":"fp","choices":[{"index":0,"delta":{"content":"\udc4d <b>\u003c\/b>\n"},"logprobs":null,"finish_reason":null}],"usage":null}""",
            """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-4o","service_tier":"default","system_fingerprint":"fp","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":null}""",
            """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-4o","service_tier":"default","system_fingerprint":"fp","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}}""");
        Encoding.UTF8.GetString(body).ShouldBe(
            """{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-4o","choices":[{"index":0,"message":{"role":"assistant","content":"Café 👍 <b></b>\n","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12},"service_tier":"default","system_fingerprint":"fp"}""");
    }

    [Fact]
    public void Chat_ParallelToolCallsInFragments_FoldByIndexWithoutIndex() => FoldChoices(
        """{"index":0,"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]}}""",
        """{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"x\""}}]}}""",
        """{"index":0,"delta":{"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":"{"}},{"index":0,"function":{"arguments":":1}"}}]}}""",
        """{"index":0,"delta":{"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":"}"}}]}}""",
        """{"index":0,"delta":{},"finish_reason":"tool_calls"}""").ShouldBeJson(
        """[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}},{"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}]},"finish_reason":"tool_calls"}]""");

    [Fact]
    public void Chat_ToolCallsWithoutIndex_FoldByIdThenByName() => FoldChoices(
        """{"delta":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}},{"id":"b","function":{"name":"f","arguments":"["}}]}}""",
        """{"delta":{"tool_calls":[{"id":"b","function":{"arguments":"1"}}]}}""",
        """{"delta":{"tool_calls":[{"function":{"arguments":"]"}}]}}""",
        """{"delta":{"tool_calls":[{"function":{"name":"g","arguments":"{}"}}]}}""").ShouldBeJson(
        """[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}},{"id":"b","function":{"name":"f","arguments":"[1]"}},{"function":{"name":"g","arguments":"{}"}}]}}]""");

    [Fact]
    public void Chat_ReasoningContent_IsKept() => FoldChoices(
        """{"index":0,"delta":{"role":"assistant","content":null,"reasoning_content":""}}""",
        """{"index":0,"delta":{"content":null,"reasoning_content":"Let me "}}""",
        """{"index":0,"delta":{"content":null,"reasoning_content":"think."}}""",
        """{"index":0,"delta":{"content":"42","reasoning_content":null}}""",
        """{"index":0,"delta":{"content":"","reasoning_content":null},"finish_reason":"stop"}""").ShouldBeJson(
        """[{"index":0,"message":{"role":"assistant","content":"42","reasoning_content":"Let me think."},"finish_reason":"stop"}]""");

    [Fact]
    public void Chat_ReasoningDetailsWithIndex_JoinTextsAndKeepNames() => FoldChoices(
        """{"index":0,"delta":{"role":"assistant","content":"","reasoning_details":[{"type":"reasoning.text","text":"a","format":"v1","index":0}]}}""",
        """{"index":0,"delta":{"content":"","reasoning_details":[{"type":"reasoning.text","text":"b","format":"v1","index":0}]},"native_finish_reason":null}""",
        """{"index":0,"delta":{"reasoning_details":[{"type":"reasoning.text","signature":"s","index":0}]},"finish_reason":"stop","native_finish_reason":"end"}""").ShouldBeJson(
        """[{"index":0,"message":{"role":"assistant","content":"","reasoning_details":[{"type":"reasoning.text","text":"ab","format":"v1","index":0,"signature":"s"}]},"finish_reason":"stop","native_finish_reason":"end"}]""");

    [Fact]
    public void Chat_Logprobs_AreJoinedAndKeepTheirSpelling() => FoldChoices(
        """{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null}""",
        """{"index":0,"delta":{"content":"A"},"logprobs":{"content":[{"token":"A","logprob":-0.10,"bytes":[65],"top_logprobs":[]}],"refusal":null}}""",
        """{"index":0,"delta":{"content":"B"},"logprobs":{"content":[{"token":"B","logprob":-1e-7,"bytes":null,"top_logprobs":[]}],"refusal":null}}""",
        """{"index":0,"delta":{},"logprobs":null,"finish_reason":"length"}""").ShouldBeJson(
        """[{"index":0,"message":{"role":"assistant","content":"AB"},"logprobs":{"content":[{"token":"A","logprob":-0.10,"bytes":[65],"top_logprobs":[]},{"token":"B","logprob":-1e-7,"bytes":null,"top_logprobs":[]}],"refusal":null},"finish_reason":"length"}]""");

    [Fact]
    public void Chat_RefusalInterleavedWithAnotherChoice_EachKeepsItsOwn() => FoldChoices(
        """{"index":1,"delta":{"role":"assistant","content":"x"}}""",
        """{"index":0,"delta":{"role":"assistant","content":null,"refusal":"I can"}}""",
        """{"index":1,"delta":{"content":"y"},"finish_reason":"stop"}""",
        """{"index":0,"delta":{"refusal":"not."},"finish_reason":"stop"}""").ShouldBeJson(
        """[{"index":0,"message":{"role":"assistant","content":null,"refusal":"I cannot."},"finish_reason":"stop"},{"index":1,"message":{"role":"assistant","content":"xy"},"finish_reason":"stop"}]""");

    [Fact]
    public void Chat_AudioAnnotationsAndUnknownFields_AreKept() => FoldChoices(
        """{"index":0,"delta":{"role":"assistant","audio":{"id":"au","transcript":"He"},"annotations":[{"type":"u","n":1}],"x_vec":[1.0]}}""",
        """{"index":0,"delta":{"audio":{"id":"au","transcript":"y","data":"AA"},"annotations":[{"type":"u","n":2}],"x_vec":[2]}}""",
        """{"index":0,"delta":{"audio":{"data":"BB","expires_at":7},"x_text":"a"},"token_ids":[5]}""",
        """{"index":0,"delta":{"x_text":"b"},"token_ids":[5],"finish_reason":"stop"}""").ShouldBeJson(
        """[{"index":0,"message":{"role":"assistant","content":null,"audio":{"id":"au","transcript":"Hey","data":"AABB","expires_at":7},"annotations":[{"type":"u","n":1},{"type":"u","n":2}],"x_vec":[1.0,2],"x_text":"ab"},"token_ids":[5,5],"finish_reason":"stop"}]""");

    [Fact]
    public void Chat_AzureFilterChunks_DoNotEraseAndDoNotJoin()
    {
        var body = Fold(
            """{"id":"","object":"","created":0,"model":"","prompt_filter_results":[{"prompt_index":0}],"choices":[]}""",
            """{"id":"c","object":"chat.completion.chunk","created":5,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"a"},"content_filter_results":{"hate":{"filtered":false,"severity":"safe"}}}]}""",
            """{"id":"","object":"","created":0,"model":"","choices":[{"index":0,"finish_reason":"stop","content_filter_results":{"hate":{"filtered":false,"severity":"safe"}},"content_filter_offsets":{"end_offset":9}}]}""");
        body.ShouldBeJson(
            """{"id":"c","object":"chat.completion","created":5,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"a"},"finish_reason":"stop","content_filter_results":{"hate":{"filtered":false,"severity":"safe"}},"content_filter_offsets":{"end_offset":9}}],"prompt_filter_results":[{"prompt_index":0}]}""");
    }

    [Fact]
    public void Chat_CitationsRepeatedInEveryChunk_AreThereOnce() => Fold(
        """{"citations":["a","b"],"choices":[{"index":0,"delta":{"content":"x"},"message":{"role":"assistant","content":"x"}}]}""",
        """{"citations":["a","b"],"choices":[{"index":0,"delta":{"content":"y"},"message":{"role":"assistant","content":"xy"}}]}""").ShouldBeJson(
        """{"choices":[{"index":0,"message":{"role":"assistant","content":"xy"}}],"citations":["a","b"]}""");

    [Fact]
    public void Legacy_TextAndLogprobs_AreJoined() => FoldWith(
        PromptEndpoint.Completions,
        """{"id":"l","object":"text_completion","choices":[{"text":"A","index":0,"logprobs":{"tokens":["A"],"token_logprobs":[null],"top_logprobs":null,"text_offset":[0]},"finish_reason":null}]}""",
        """{"id":"l","object":"text_completion","choices":[{"text":"B","index":0,"logprobs":{"tokens":["B"],"token_logprobs":[-0.50],"top_logprobs":null,"text_offset":[1]},"finish_reason":"stop"}]}""").ShouldBeJson(
        """{"id":"l","object":"text_completion","choices":[{"text":"AB","index":0,"logprobs":{"tokens":["A","B"],"token_logprobs":[null,-0.50],"top_logprobs":null,"text_offset":[0,1]},"finish_reason":"stop"}]}""");

    [Theory]
    [InlineData("""{"choices":[],"usage":{"prompt_tokens":1}}""", true)]
    [InlineData("""{"choices":[],"usage":null}""", false)]
    [InlineData("""{"choices":[{"index":0,"delta":{}}],"usage":{"prompt_tokens":1}}""", false)]
    [InlineData("""{"choices":[],"prompt_filter_results":[]}""", false)]
    public void Add_Chunk_SaysWhetherItIsTheUsageChunk(string chunk, bool expected)
    {
        var folder = new StreamFolder(PromptEndpoint.ChatCompletions);
        folder.Add(Encoding.UTF8.GetBytes(chunk)).UsageOnly.ShouldBe(expected);
        folder.Add("nonsense"u8.ToArray());
        folder.Add(Encoding.UTF8.GetBytes(chunk)).UsageOnly.ShouldBe(expected, "after a fault too");
    }

    [Theory]
    [InlineData("", FoldFaults.MalformedChunk)]
    [InlineData("""{"choices":[""", FoldFaults.MalformedChunk)]
    [InlineData("""{"choices":[]}{}""", FoldFaults.MalformedChunk)]
    [InlineData("""{"choices":5}""", FoldFaults.MalformedChunk)]
    [InlineData("""{"choices":[5]}""", FoldFaults.MalformedChunk)]
    [InlineData("""{"choices":[{"index":0,"delta":"x"}]}""", FoldFaults.MalformedChunk)]
    [InlineData("[DONE]", FoldFaults.NotAnObject)]
    [InlineData("[]", FoldFaults.NotAnObject)]
    [InlineData("null", FoldFaults.NotAnObject)]
    [InlineData("""{"error":{"message":"overloaded"}}""", FoldFaults.ErrorEvent)]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":[1]}}]}""", FoldFaults.MixedKinds)]
    public void Add_BadChunk_SetsTheFaultAndHandsItOn(string chunk, string fault)
    {
        var folder = new StreamFolder(PromptEndpoint.ChatCompletions);
        folder.Add("""{"error":null,"choices":[{"index":0,"delta":{"content":"x"}}]}"""u8.ToArray());
        folder.Fault.ShouldBeNull();
        folder.ToBody().ShouldNotBeNull();
        Encoding.UTF8.GetString(folder.Add(Encoding.UTF8.GetBytes(chunk)).Data.Span).ShouldBe(chunk);
        folder.Fault.ShouldBe(fault);
        folder.ToBody().ShouldBeNull();
    }

    [Fact]
    public void Add_InvalidUtf8OrTooDeep_IsMalformed()
    {
        foreach (var chunk in new[] { [.. "{\"x\":\""u8, 0xC3, (byte)'"', (byte)'}'], Encoding.UTF8.GetBytes("{\"x\":" + new string('[', 10_000)) })
        {
            var folder = new StreamFolder(PromptEndpoint.ChatCompletions);
            folder.Add(chunk);
            folder.Fault.ShouldBe(FoldFaults.MalformedChunk);
        }
    }

    [Fact]
    public void ToBody_NothingFolded_IsNull() => new StreamFolder(PromptEndpoint.ChatCompletions).ToBody().ShouldBeNull();

    [Fact]
    public void Add_Embeddings_CannotStream()
    {
        var folder = new StreamFolder(PromptEndpoint.Embeddings);
        folder.Add("{}"u8.ToArray());
        folder.Fault.ShouldBe(FoldFaults.NotStreamable);
    }

    private static byte[] Fold(params string[] chunks) => FoldWith(PromptEndpoint.ChatCompletions, chunks);

    private static byte[] FoldWith(PromptEndpoint endpoint, params string[] chunks)
    {
        var folder = new StreamFolder(endpoint);
        foreach (var chunk in chunks) folder.Add(Encoding.UTF8.GetBytes(chunk));
        folder.Fault.ShouldBeNull();
        return folder.ToBody().ShouldNotBeNull();
    }

    private static byte[] FoldChoices(params string[] choices)
    {
        var body = Encoding.UTF8.GetString(Fold([.. choices.Select(c => $$"""{"choices":[{{c}}]}""")]));
        return Encoding.UTF8.GetBytes(body["{\"choices\":".Length..^1]);
    }
}
