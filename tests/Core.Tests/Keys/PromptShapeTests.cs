using OrleansCache.Core.Keys;

namespace OrleansCache.Core.Tests.Keys;

public sealed class PromptShapeTests
{
    [Theory]
    [InlineData("[]", "invalid_value", "messages")]
    [InlineData("[1]", "invalid_type", "messages[0]")]
    [InlineData("""[{"role":"user"},"x"]""", "invalid_type", "messages[1]")]
    [InlineData("[[]]", "invalid_type", "messages[0]")]
    [InlineData("[null]", "invalid_type", "messages[0]")]
    [InlineData("[{}]", "missing_required_parameter", "messages[0].role")]
    [InlineData("""[{"role":"user"},{"content":"x"}]""", "missing_required_parameter", "messages[1].role")]
    [InlineData("""[{"content":[{"role":"user"}]}]""", "missing_required_parameter", "messages[0].role")]
    [InlineData("""[{"role":1}]""", "invalid_type", "messages[0].role")]
    [InlineData("""[{"role":null}]""", "invalid_type", "messages[0].role")]
    [InlineData("""[{"role":"user","content":7}]""", "invalid_type", "messages[0].content")]
    [InlineData("""[{"role":"user","content":{}}]""", "invalid_type", "messages[0].content")]
    [InlineData("""[{"role":"user","content":true}]""", "invalid_type", "messages[0].content")]
    public void Messages_Wrong_AreRefused(string messages, string code, string param) =>
        ShouldRefuse($$"""{"model":"m","messages":{{messages}}}""", PromptEndpoint.ChatCompletions, code, param);

    [Theory]
    [InlineData("""[{"role":"oracle","content":"x"}]""")]
    [InlineData("""[{"role":"user","content":null}]""")]
    [InlineData("""[{"role":"user"}]""")]
    [InlineData("""[{"role":"user","content":[]}]""")]
    [InlineData("""[{"role":"user","content":["x",{"type":"hologram","hologram":{"text":5}}]}]""")]
    [InlineData("""[{"role":"assistant","reasoning_content":"x","tool_calls":[{"role":5,"content":5}]}]""")]
    [InlineData("""[{"content":"x","role":"user","audio":{"content":{"role":1}}}]""")]
    public void Messages_Unusual_AreAccepted(string messages) =>
        Should.NotThrow(() => Keying.Key($$"""{"model":"m","messages":{{messages}}}"""));

    [Theory]
    [InlineData("[]", "invalid_value", "input")]
    [InlineData("[true]", "invalid_type", "input[0]")]
    [InlineData("[null]", "invalid_type", "input[0]")]
    [InlineData("[{}]", "invalid_type", "input[0]")]
    [InlineData("""["a",1]""", "invalid_type", "input[1]")]
    [InlineData("[1,[1]]", "invalid_type", "input[1]")]
    [InlineData("""[[1],["a"]]""", "invalid_type", "input[1]")]
    [InlineData("[[[1]]]", "invalid_type", "input[0]")]
    public void Input_Wrong_IsRefused(string input, string code, string param)
    {
        ShouldRefuse($$"""{"model":"m","input":{{input}}}""", PromptEndpoint.Embeddings, code, param);
        ShouldRefuse($$"""{"model":"m","prompt":{{input}}}""", PromptEndpoint.Completions, code, param.Replace("input", "prompt"));
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"a\"")]
    [InlineData("""["a","b"]""")]
    [InlineData("[1,2,3]")]
    [InlineData("[[1,2],[3]]")]
    [InlineData("[[]]")]
    public void Input_OfEveryForm_IsAccepted(string input)
    {
        Should.NotThrow(() => Keying.Key($$"""{"model":"m","input":{{input}}}""", PromptEndpoint.Embeddings));
        Should.NotThrow(() => Keying.Key($$"""{"model":"m","prompt":{{input}}}""", PromptEndpoint.Completions));
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"  \"")]
    [InlineData("\"a\\u0000\"")]
    [InlineData("\"a\\n\"")]
    [InlineData("\"\\ud800\"")]
    public void Model_NoName_IsRefused(string model) =>
        ShouldRefuse($$"""{"model":{{model}},"messages":[{"role":"user"}]}""", PromptEndpoint.ChatCompletions, "invalid_value", "model");

    [Theory]
    [InlineData("1")]
    [InlineData("\"true\"")]
    [InlineData("[]")]
    public void IncludeUsage_WrongKind_IsRefused(string value) =>
        ShouldRefuse(
            Keying.ChatWith($$""","stream_options":{"include_usage":{{value}}}"""),
            PromptEndpoint.ChatCompletions, "invalid_type", "stream_options.include_usage");

    private static void ShouldRefuse(string body, PromptEndpoint endpoint, string code, string param)
    {
        var error = Keying.Refused(body, endpoint);
        error.Code.ShouldBe(code);
        error.Param.ShouldBe(param);
    }
}
