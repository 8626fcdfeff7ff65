using System.Text;
using OrleansCache.Core.Keys;

namespace OrleansCache.Core.Tests.Keys;

public sealed class PromptHeadTests
{
    [Theory]
    [InlineData("", false, false, null)]
    [InlineData(""","stream":true""", true, false, null)]
    [InlineData(""","stream":true,"stream":false""", false, false, null)]
    [InlineData(""","stream":true,"stream":null""", false, false, null)]
    [InlineData(""","stream_options":{"include_usage":true}""", false, true, null)]
    [InlineData(""","stream_options":{"a":{"include_usage":true},"b":[true]}""", false, false, null)]
    [InlineData(""","stream_options":{"include_usage":true},"stream_options":{}""", false, false, null)]
    [InlineData(""","stream_options":{"include_usage":true},"stream_options":null""", false, false, null)]
    [InlineData(""","x":{"include_usage":true,"stream":true,"temperature":1}""", false, false, null)]
    [InlineData(""","temperature":0.7""", false, false, 0.7)]
    [InlineData(""","temperature":7e-1,"temperature":null""", false, false, null)]
    [InlineData(""","temperature":1e999""", false, false, double.PositiveInfinity)]
    public void Head_OfBody_IsRead(string members, bool stream, bool includeUsage, double? temperature) =>
        Keying.Read(Keying.ChatWith(members)).Head.ShouldBe(new PromptHead("m", stream, includeUsage, temperature));

    [Fact]
    public void Head_ModelTwice_IsTheLast() =>
        Keying.Read("""{"model":"a","messages":[{"role":"user"}],"\u006dodel":"b\/c"}""").Head.Model.ShouldBe("b/c");

    [Fact]
    public void Head_EqualHeads_ShareOneObject()
    {
        var keyer = new PromptKeyer(new PromptKeyOptions());
        var one = keyer.Read(PromptEndpoint.Completions, "s", """{"model":"shared","prompt":"a"}"""u8);
        var other = keyer.Read(PromptEndpoint.Completions, "s", """{"model":"shared","prompt":"b"}"""u8);
        var streamed = keyer.Read(PromptEndpoint.Completions, "s", """{"model":"shared","prompt":"b","stream":true}"""u8);
        other.Head.ShouldBeSameAs(one.Head);
        streamed.Head.Model.ShouldBeSameAs(one.Head.Model);
    }

    [Fact]
    public void Head_MoreModelsThanThePoolHolds_NewOnesAreStillShared()
    {
        var keyer = new PromptKeyer(new PromptKeyOptions());
        for (var i = 0; i < 5000; i++) Read($"made-up-{i}", "a");

        Read("later", "b").ShouldBeSameAs(Read("later", "a"));

        PromptHead Read(string model, string prompt) =>
            keyer.Read(PromptEndpoint.Completions, "s", Encoding.UTF8.GetBytes($$"""{"model":"{{model}}","prompt":"{{prompt}}"}""")).Head;
    }
}
