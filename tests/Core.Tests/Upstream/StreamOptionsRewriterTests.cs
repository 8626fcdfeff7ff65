using System.Text;
using OrleansCache.Core.Upstream.OpenAi;

namespace OrleansCache.Core.Tests.Upstream;

public sealed class StreamOptionsRewriterTests
{
    [Theory]
    [InlineData("{}", """{"stream_options":{"include_usage":true}}""")]
    [InlineData("{ }", """{ "stream_options":{"include_usage":true}}""")]
    [InlineData("""{"a" : 1.50 }""", """{"a" : 1.50 ,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"stream_options":null,"z":"\u0041"}""", """{"stream_options":{"include_usage":true},"z":"\u0041"}""")]
    [InlineData("""{"stream_options":{},"z":1}""", """{"stream_options":{"include_usage":true},"z":1}""")]
    [InlineData("""{"stream_options":{"x": [1, 2] },"z":1}""", """{"stream_options":{"x": [1, 2] ,"include_usage":true},"z":1}""")]
    [InlineData("""{"stream_options":{"include_usage": false,"x":{"include_usage":false}}}""", """{"stream_options":{"include_usage": true,"x":{"include_usage":false}}}""")]
    [InlineData("""{"stream_options":{"include_usage":null}}""", """{"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"stream_\u006fptions":{"include_usage":false}}""", """{"stream_\u006fptions":{"include_usage":true}}""")]
    [InlineData("""{"stream_options":{"include_usage":true},"stream_options":{"include_usage":false}}""", """{"stream_options":{"include_usage":true},"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"m":[{"stream_options":{"include_usage":true}}]}""", """{"m":[{"stream_options":{"include_usage":true}}],"stream_options":{"include_usage":true}}""")]
    public void WithUsage_NotAsked_AsksAndKeepsEveryOtherByte(string body, string expected) =>
        Encoding.UTF8.GetString(StreamOptionsRewriter.WithUsage(Encoding.UTF8.GetBytes(body)).Span).ShouldBe(expected);

    [Theory]
    [InlineData("""{"stream_options": {"include_usage" : true} }""")]
    [InlineData("""{"stream_options":{"include_usage":"yes"}}""")]
    [InlineData("""{"stream_options":[1]}""")]
    [InlineData("""[{"a":1}]""")]
    [InlineData("""{"a":1""")]
    [InlineData("")]
    [InlineData("nonsense")]
    public void WithUsage_NothingToDo_IsTheSameMemory(string body)
    {
        ReadOnlyMemory<byte> bytes = Encoding.UTF8.GetBytes(body);

        StreamOptionsRewriter.WithUsage(bytes).ShouldBe(bytes);
    }

    [Fact]
    public void WithUsage_DeepBody_IsRewritten()
    {
        var body = "{\"a\":" + new string('[', 5000) + new string(']', 5000) + "}";

        Encoding.UTF8.GetString(StreamOptionsRewriter.WithUsage(Encoding.UTF8.GetBytes(body)).Span)
            .ShouldBe(body[..^1] + ",\"stream_options\":{\"include_usage\":true}}");
    }
}
