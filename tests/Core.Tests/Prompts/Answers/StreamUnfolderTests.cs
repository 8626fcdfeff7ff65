using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts.Answers;

namespace OrleansCache.Core.Tests.Prompts.Answers;

public sealed class StreamUnfolderTests
{
    [Fact]
    public void Unfold_Chat_SendsTheseBytes()
    {
        const string Body = """
            {
              "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt-4o", "citations": ["a b"],
              "choices": [{
                "index": 0,
                "message": {
                  "role": "assistant", "content": "It is 21 degrees in Paris, and the sun is shining on every single roof.", "refusal": null,
                  "reasoning_content": "Look it up.",
                  "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": "{\"city\": \"Paris\"}"}}],
                  "annotations": [{"type": "url_citation"}]
                },
                "logprobs": null, "finish_reason": "tool_calls", "x": 1.0
              }],
              "usage": {"prompt_tokens": 9, "completion_tokens": 12, "total_tokens": 21}, "system_fingerprint": "fp"
            }
            """;
        const string Top = """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-4o","system_fingerprint":"fp" """;
        const string More = ""","logprobs":null,"finish_reason":null}]}""";
        Unfold(Body).ShouldBe(
        [
            Top.TrimEnd() + ""","citations":["a b"],"choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null}""" + More,
            Top.TrimEnd() + ""","choices":[{"index":0,"delta":{"reasoning_content":"Look it up."}""" + More,
            Top.TrimEnd() + ""","choices":[{"index":0,"delta":{"content":"It is 21 degrees in Paris, and the"}""" + More,
            Top.TrimEnd() + ""","choices":[{"index":0,"delta":{"content":" sun is shining on every single roof."}""" + More,
            Top.TrimEnd() + ""","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"weather","arguments":""}}]}""" + More,
            Top.TrimEnd() + ""","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\": \"Paris\"}"}}]}""" + More,
            Top.TrimEnd() + ""","choices":[{"index":0,"delta":{"annotations":[{"type":"url_citation"}]}""" + More,
            Top.TrimEnd() + ""","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"tool_calls","x":1.0}]}""",
            Top.TrimEnd() + ""","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":12,"total_tokens":21}}""",
        ]);
    }

    [Fact]
    public void Unfold_Logprobs_GoWithTheirTokens() => Unfold(
        """{"choices":[{"index":0,"message":{"role":"assistant","content":"A 👍"},"logprobs":{"content":[{"token":"A","logprob":-1},{"token":" \\xf0","bytes":[32,240,159]},{"token":"\\x91","bytes":[145,141]}],"refusal":null},"finish_reason":"stop"}]}""").ShouldBe(
        [
            """{"choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}""",
            """{"choices":[{"index":0,"delta":{"content":"A"},"logprobs":{"content":[{"token":"A","logprob":-1}],"refusal":null},"finish_reason":null}]}""",
            """{"choices":[{"index":0,"delta":{"content":" 👍"},"logprobs":{"content":[{"token":" \\xf0","bytes":[32,240,159]},{"token":"\\x91","bytes":[145,141]}],"refusal":null},"finish_reason":null}]}""",
            """{"choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]}""",
        ]);

    [Fact]
    public void Unfold_Legacy_SlicesParallelArrays() => Unfold(
        """{"object":"text_completion","choices":[{"text":"AB","index":0,"logprobs":{"tokens":["A","B"],"token_logprobs":[null,-0.50],"top_logprobs":null,"text_offset":[0,1]},"finish_reason":"stop"}]}""",
        PromptEndpoint.Completions).ShouldBe(
        [
            """{"object":"text_completion","choices":[{"index":0,"text":"A","logprobs":{"tokens":["A"],"token_logprobs":[null],"text_offset":[0],"top_logprobs":null},"finish_reason":null}]}""",
            """{"object":"text_completion","choices":[{"index":0,"text":"B","logprobs":{"tokens":["B"],"token_logprobs":[-0.50],"text_offset":[1],"top_logprobs":null},"finish_reason":null}]}""",
            """{"object":"text_completion","choices":[{"index":0,"text":"","logprobs":null,"finish_reason":"stop"}]}""",
        ]);

    [Theory]
    [InlineData("the quick brown fox jumps over the lazy dog ")]
    [InlineData("\u6771\u4eac\u90fd\u306f\u65e5\u672c\u306e\u9996\u90fd\u3067\u3042\u308b\u3002")]
    [InlineData("\ud83d\udc69\u200d\ud83d\udc69\u200d\ud83d\udc67\ud83c\udde9\ud83c\uddea")]
    [InlineData("cafe\u0301e\u0301\u0323")]
    [InlineData("\"\n\\")]
    public void Unfold_LongText_CutsBetweenGraphemesIntoSmallPieces(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 100));
        var body = TestJson.Write(new TestJson.Obj
        {
            ["choices"] = new List<object?> { new TestJson.Obj { ["index"] = 0, ["message"] = new TestJson.Obj { ["content"] = text } } },
        });
        var pieces = StreamUnfolder.Unfold(PromptEndpoint.ChatCompletions, body).Select(p => Content(p.Data)).OfType<string>().ToList();
        string.Concat(pieces).ShouldBe(text);
        pieces.Count.ShouldBeGreaterThan(Encoding.UTF8.GetByteCount(text) / 65);
        pieces.Max(Encoding.UTF8.GetByteCount).ShouldBeLessThanOrEqualTo(64);
        pieces.Sum(p => new StringInfo(p).LengthInTextElements).ShouldBe(new StringInfo(text).LengthInTextElements);
    }

    [Fact]
    public void Unfold_IsLazy_SecondPieceIsMadeWhenAskedFor()
    {
        var body = Encoding.UTF8.GetBytes("""{"choices":[{"index":0,"message":{"role":"assistant","content":"abc"}}]}""");
        using var parts = StreamUnfolder.Unfold(PromptEndpoint.ChatCompletions, body).GetEnumerator();
        parts.MoveNext().ShouldBeTrue();
        body.AsSpan(body.AsSpan().IndexOf("abc"u8), 3).Fill((byte)'z');
        parts.MoveNext().ShouldBeTrue();
        Content(parts.Current.Data).ShouldBe("zzz");
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("""{"choices":{}}""")]
    [InlineData("""{"choices":[1]}""")]
    public void Unfold_NoAnswer_ComesBackAsItIs(string body) => Unfold(body).ShouldBe([body]);

    [Fact]
    public void Unfold_Usage_IsMarkedAndLast()
    {
        var parts = StreamUnfolder.Unfold(PromptEndpoint.ChatCompletions, """{"choices":[],"usage":{}}"""u8.ToArray()).ToList();
        parts.ConvertAll(p => p.UsageOnly).ShouldBe([false, true]);
    }

    private static string? Content(ReadOnlyMemory<byte> chunk)
    {
        using var document = JsonDocument.Parse(chunk);
        var delta = document.RootElement.GetProperty("choices")[0].GetProperty("delta");
        return delta.TryGetProperty("content", out var content) ? content.GetString() : null;
    }

    private static List<string> Unfold(string body, PromptEndpoint endpoint = PromptEndpoint.ChatCompletions) =>
        [.. StreamUnfolder.Unfold(endpoint, Encoding.UTF8.GetBytes(body)).Select(p => Encoding.UTF8.GetString(p.Data.Span))];
}
