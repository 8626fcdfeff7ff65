using System.Security.Cryptography;
using OrleansCache.Core.Keys;

namespace OrleansCache.Core.Tests.Keys;

public sealed class PromptMemoTests
{
    private static readonly KeyedPrompt Prompt = new(Digest(0), new PromptHead("m", false, false, null));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(100)]
    public void Memo_Flooded_StaysWithinItsBound(int capacity)
    {
        var memo = new PromptMemo(capacity);
        for (var i = 0; i < 1000; i++)
        {
            memo.Add(Digest(i), Prompt);
            memo.Count.ShouldBeLessThanOrEqualTo(Math.Max(capacity, 2));
            memo.TryGet(Digest(i), out _).ShouldBeTrue();
        }

        Enumerable.Range(0, 1000).Count(i => memo.TryGet(Digest(i), out _)).ShouldBeLessThanOrEqualTo(Math.Max(capacity, 2));
    }

    [Fact]
    public void Memo_AskedForOften_SurvivesAFlood()
    {
        var memo = new PromptMemo(20);
        memo.Add(Digest(-1), Prompt);
        for (var i = 0; i < 1000; i++)
        {
            memo.Add(Digest(i), Prompt);
            memo.TryGet(Digest(-1), out var known).ShouldBeTrue();
            known.ShouldBeSameAs(Prompt);
        }
    }

    [Fact]
    public void Memo_NeverAskedFor_LeavesInAFlood()
    {
        var memo = new PromptMemo(20);
        for (var i = 0; i < 21; i++) memo.Add(Digest(i), Prompt);
        memo.TryGet(Digest(0), out _).ShouldBeFalse();
    }

    [Fact]
    public void Memo_SameEntryAgain_TakesNoRoom()
    {
        var memo = new PromptMemo(20);
        for (var i = 0; i < 100; i++) memo.Add(Digest(1), Prompt);
        memo.Count.ShouldBe(1);
    }

    private static PromptKey Digest(int i) => new(SHA256.HashData(BitConverter.GetBytes(i)));
}
