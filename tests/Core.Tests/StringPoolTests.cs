using System.Text;

namespace OrleansCache.Core.Tests;

public class StringPoolTests
{
    [Fact]
    public void Intern_EqualTexts_OneString()
    {
        var pool = new StringPool(10);
        var first = pool.Intern(Copy("gpt-4o"));
        pool.Intern(Copy("gpt-4o")).ShouldBeSameAs(first);
        pool.Intern("gpt-4o"u8).ShouldBeSameAs(first);
        pool.Intern("gpt-4O"u8).ShouldBe("gpt-4O");
        pool.Intern("größe-✓-😀"u8).ShouldBeSameAs(pool.Intern(Copy("größe-✓-😀")));
        pool.Count.ShouldBe(3);
    }

    [Fact]
    public void Intern_Known_AllocatesNothing()
    {
        var pool = new StringPool(10);
        var text = Copy("gpt-4o");
        pool.Intern(text);
        pool.Intern("gpt-4o"u8);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            pool.Intern(text);
            pool.Intern("gpt-4o"u8);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void Intern_MoreThanTheCapacity_StartsAgain()
    {
        var pool = new StringPool(3);
        var first = pool.Intern(Copy("a"));
        foreach (var text in new[] { "b", "c", "d", "e" })
        {
            pool.Intern(text);
            pool.Count.ShouldBeLessThanOrEqualTo(3);
        }

        var again = pool.Intern(Copy("a"));
        again.ShouldBe("a");
        again.ShouldNotBeSameAs(first);
        pool.Intern("a"u8).ShouldBeSameAs(again, "new texts are shared again after it was full");
    }

    [Fact]
    public void Intern_LongOrEmptyText_HandedBackUnshared()
    {
        var pool = new StringPool(3);
        var longText = new string('x', StringPool.LongestText + 1);
        pool.Intern(longText).ShouldBeSameAs(longText);
        pool.Intern(Encoding.UTF8.GetBytes(longText)).ShouldBe(longText);
        pool.Intern("").ShouldBe("");
        pool.Intern([]).ShouldBe("");
        pool.Count.ShouldBe(0);
        var longest = new string('y', StringPool.LongestText);
        pool.Intern(longest);
        pool.Intern(Encoding.UTF8.GetBytes(longest)).ShouldBeSameAs(longest);
    }

    [Fact]
    public void Intern_ManyThreads_RightTextsAndBounded()
    {
        var pool = new StringPool(16);
        var texts = Enumerable.Range(0, 40).Select(i => $"model-{i}").ToArray();
        var wrong = 0;
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, thread =>
        {
            var random = new Random(thread);
            for (var i = 0; i < 5_000; i++)
            {
                var text = texts[random.Next(texts.Length)];
                var shared = random.Next(2) == 0 ? pool.Intern(Copy(text)) : pool.Intern(Encoding.UTF8.GetBytes(text));
                if (shared != text || pool.Count > 16) Interlocked.Increment(ref wrong);
            }
        });
        wrong.ShouldBe(0);
    }

    [Fact]
    public void Constructor_NoCapacity_Throws() => Should.Throw<ArgumentOutOfRangeException>(() => new StringPool(0));

    private static string Copy(string text) => new(text.AsSpan());
}
