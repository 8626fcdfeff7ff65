using OrleansCache.Core.Keys;

namespace OrleansCache.Core.Tests.Keys;

public sealed class TrimTests
{
    [Theory]
    [InlineData("hi", " hi")]
    [InlineData("hi", "hi\\n")]
    [InlineData("hi", "\\r\\n\\t hi \\u000b\\f\\u0020")]
    [InlineData("hi", "\u00a0\u2003hi\u3000\\u2028")]
    [InlineData("", " \\n ")]
    [InlineData("a  b", " a  b ")]
    [InlineData("a\\\\n", "a\\\\n ")]
    [InlineData("a\\\\", "a\\\\\\n")]
    public void Trim_SpaceAtTheEnds_DoesNotCount(string text, string spaced)
    {
        foreach (var frame in Frames) Keying.TrimmedKey(Fill(frame, spaced), frame.Endpoint).ShouldBe(Keying.TrimmedKey(Fill(frame, text), frame.Endpoint), frame.Body);
    }

    [Theory]
    [InlineData("a b", "ab")]
    [InlineData("a", "a\\\\n")]
    [InlineData("a\\\\", "a\\\\\\\\")]
    [InlineData("", "n")]
    [InlineData("a", "a\\u0000")]
    [InlineData("\\ud800", "")]
    public void Trim_OtherText_Counts(string text, string other)
    {
        foreach (var frame in Frames) Keying.TrimmedKey(Fill(frame, other), frame.Endpoint).ShouldNotBe(Keying.TrimmedKey(Fill(frame, text), frame.Endpoint), frame.Body);
    }

    [Theory]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x","name":"$"}]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"$","content":"x"}]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"x"},["$"]]}]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":"$"}]}]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x","tool_calls":[{"text":"$"}]}]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"stop":"$"}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"x":[{"content":"$"}]}""")]
    public void Trim_StringsThatAreNotText_StayExact(string body) =>
        Keying.TrimmedKey(body.Replace("$", "a ")).ShouldNotBe(Keying.TrimmedKey(body.Replace("$", "a")));

    [Fact]
    public void Exact_SpaceAtTheEnds_Counts()
    {
        foreach (var frame in Frames)
            Keying.Key(Fill(frame, "hi "), frame.Endpoint).ShouldNotBe(Keying.Key(Fill(frame, "hi"), frame.Endpoint), frame.Body);
    }

    [Fact]
    public void Trim_SameBody_HasAnotherKeyThanExact() => Keying.TrimmedKey(Keying.Chat).ShouldNotBe(Keying.Key(Keying.Chat));

    private static readonly (PromptEndpoint Endpoint, string Body)[] Frames =
    [
        (PromptEndpoint.ChatCompletions, """{"model":"m","messages":[{"role":"user","content":"$"}]}"""),
        (PromptEndpoint.ChatCompletions, """{"model":"m","messages":[{"content":"$","role":"user"},{"role":"x"}]}"""),
        (PromptEndpoint.ChatCompletions, """{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"$"}]}]}"""),
        (PromptEndpoint.Completions, """{"model":"m","prompt":"$"}"""),
        (PromptEndpoint.Completions, """{"model":"m","prompt":["$","x"]}"""),
        (PromptEndpoint.Embeddings, """{"model":"m","input":"$"}"""),
        (PromptEndpoint.Embeddings, """{"model":"m","input":["x","$"]}"""),
    ];

    private static string Fill((PromptEndpoint Endpoint, string Body) frame, string text) => frame.Body.Replace("$", text);
}
