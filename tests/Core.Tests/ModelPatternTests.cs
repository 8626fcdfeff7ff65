namespace OrleansCache.Core.Tests;

public sealed class ModelPatternTests
{
    [Theory]
    [InlineData("gpt-4o", "gpt-4o", true)]
    [InlineData("gpt-4o", "gpt-4o-mini", false)]
    [InlineData("gpt-4o", "GPT-4o", false)]
    [InlineData("gpt-4o*", "gpt-4o", true)]
    [InlineData("gpt-4o*", "gpt-4o-mini", true)]
    [InlineData("gpt-4o*", "gpt-4", false)]
    [InlineData("*", "anything", true)]
    [InlineData("g.t", "gpt", false)]
    public void Matches_PatternAndModel_IsExact(string pattern, string model, bool matches) =>
        ModelPattern.Matches(pattern, model).ShouldBe(matches);

    [Theory]
    [InlineData("gpt-4o", true)]
    [InlineData("gpt*", true)]
    [InlineData("*", true)]
    [InlineData("", false)]
    [InlineData("*gpt", false)]
    [InlineData("g*t", false)]
    [InlineData("gpt**", false)]
    public void IsValid_Pattern_AllowsOneStarAtTheEnd(string pattern, bool valid) => ModelPattern.IsValid(pattern).ShouldBe(valid);
}
