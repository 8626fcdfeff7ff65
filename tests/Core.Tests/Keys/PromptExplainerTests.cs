using System.Text;
using Microsoft.Extensions.Options;
using OrleansCache.Core.Keys;

namespace OrleansCache.Core.Tests.Keys;

public sealed class PromptExplainerTests
{
    private readonly PromptExplainer _explainer = new(Options.Create(new PromptKeyOptions()));

    [Fact]
    public void Describe_Fields_SaysWhichCount()
    {
        var description = Describe(Keying.ChatWith(""","user":"u","top_k":3,"stream":true,"user":"v" """));
        description.IsComplete.ShouldBeTrue();
        description.Fields.Select(f => (f.Name, f.Counted)).ShouldBe(
            [("model", true), ("messages", true), ("user", false), ("top_k", true), ("stream", false), ("user", false)]);
        description.Fields.ShouldAllBe(f => f.Reason.Length > 0);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("[]", 0)]
    [InlineData("""{"model":"m","x":[1,""", 2)]
    [InlineData("{} {}", 0)]
    public void Describe_Broken_SaysSo(string body, int fields)
    {
        var description = Describe(body);
        description.IsComplete.ShouldBeFalse();
        description.Fields.Count.ShouldBe(fields);
    }

    [Fact]
    public void Compare_Respelled_IsEqual()
    {
        var random = new Random(3);
        for (var i = 0; i < 100; i++)
        {
            var prompt = new JsonMaker(random).Prompt();
            var speller = new JsonSpeller(random);
            var comparison = _explainer.Compare(PromptEndpoint.ChatCompletions, speller.Spell(prompt), speller.Spell(prompt));
            comparison.Total.ShouldBe(0);
            comparison.Similarity.ShouldBe(1);
        }
    }

    [Fact]
    public void Compare_Different_NamesThePaths()
    {
        var comparison = Compare(
            """{"model":"m","user":"u","messages":[{"role":"user","content":"a"},{"role":"user","content":"b"}],"temperature":1,"seed":1}""",
            """{"messages":[{"role":"user","content":"a"},{"role":"user","content":"c","name":"n"}],"temperature":1.0,"model":"m","stop":["x"]}""");
        comparison.Differences.ShouldBe(
        [
            new("messages[1].content", PromptDifferenceKind.Changed),
            new("seed", PromptDifferenceKind.Missing),
            new("messages[1].name", PromptDifferenceKind.Added),
            new("stop[0]", PromptDifferenceKind.Added),
        ]);
        comparison.Total.ShouldBe(4);
        comparison.Similarity.ShouldBe(5.0 / 9, 1e-9);
    }

    [Theory]
    [InlineData("""{"x":{}}""", """{"x":[]}""", "x")]
    [InlineData("""{"x":1,"x":2}""", """{"x":1,"x":3}""", "x#2")]
    [InlineData("""{"x":null}""", """{"x":"null"}""", "x")]
    public void Compare_Changed_NamesTheLeaf(string first, string second, string path) =>
        Compare(first, second).Differences.ShouldHaveSingleItem().ShouldBe(new PromptDifference(path, PromptDifferenceKind.Changed));

    [Fact]
    public void Compare_ManyDifferences_AreCappedAndCounted()
    {
        var comparison = Compare("{}", "{\"x\":[" + string.Join(",", Enumerable.Range(0, 120)) + "]}");
        comparison.Differences.Count.ShouldBe(PromptExplainer.MaxDifferences);
        comparison.Total.ShouldBe(121);
        comparison.Similarity.ShouldBe(0);
    }

    [Fact]
    public void Compare_Trimming_LeavesOutSpaceAtTheEnds()
    {
        var trimming = new PromptExplainer(Options.Create(new PromptKeyOptions { Normalization = PromptNormalization.Trim }));
        var spaced = Encoding.UTF8.GetBytes(Keying.Chat.Replace("hi", " hi\\n"));
        var plain = Encoding.UTF8.GetBytes(Keying.Chat);
        trimming.Compare(PromptEndpoint.ChatCompletions, plain, spaced).Total.ShouldBe(0);
        _explainer.Compare(PromptEndpoint.ChatCompletions, plain, spaced).Total.ShouldBe(1);
    }

    [Fact]
    public void Compare_Values_AreNeverShown()
    {
        var comparison = Compare("""{"model":"hunter2","x":["hunter2"]}""", """{"model":"hunter3"}""");
        comparison.Differences.ShouldAllBe(d => !d.Path.Contains("hunter"));
        comparison.Total.ShouldBe(2);
    }

    [Fact]
    public void Compare_HugeAndDeepBodies_StaysBounded()
    {
        var name = new string('n', 10_000);
        var deep = string.Concat(Enumerable.Repeat($"{{\"{name}\":", 40)) + "[" + string.Join(",", Enumerable.Repeat("1", 50_000)) + "]" + new string('}', 40);
        var comparison = Compare(deep, deep.Replace("1,", "2,"));
        comparison.Total.ShouldBe(1);
        comparison.Differences[0].Path.Length.ShouldBeLessThan(2000);
    }

    private PromptDescription Describe(string body) => _explainer.Describe(PromptEndpoint.ChatCompletions, Encoding.UTF8.GetBytes(body));

    private PromptComparison Compare(string first, string second) =>
        _explainer.Compare(PromptEndpoint.ChatCompletions, Encoding.UTF8.GetBytes(first), Encoding.UTF8.GetBytes(second));
}
