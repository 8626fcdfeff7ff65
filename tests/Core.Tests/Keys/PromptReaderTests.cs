using System.Text;
using OrleansCache.Core.Keys;

namespace OrleansCache.Core.Tests.Keys;

public sealed class PromptReaderTests
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes(Keying.ChatWith(",\"x\":\"" + new string('y', 8000) + "\""));

    [Fact]
    public void Read_SameBytesAgain_IsTheRememberedPrompt()
    {
        var reader = Keying.Reader();
        var first = reader.Read(PromptEndpoint.ChatCompletions, "s", Body);
        reader.Read(PromptEndpoint.ChatCompletions, "s", [.. Body]).ShouldBeSameAs(first);
    }

    [Fact]
    public void Read_Respelled_HasTheSameKey()
    {
        var reader = Keying.Reader();
        var one = reader.Read(PromptEndpoint.ChatCompletions, "s", Encoding.UTF8.GetBytes(Keying.Chat));
        var other = reader.Read(PromptEndpoint.ChatCompletions, "s", Encoding.UTF8.GetBytes(Keying.Chat.Replace(":", " : ")));
        other.Key.ShouldBe(one.Key);
        other.Head.ShouldBeSameAs(one.Head);
    }

    [Fact]
    public void Read_OtherScopeOrEndpoint_IsNotTheRememberedPrompt()
    {
        var reader = Keying.Reader();
        var body = """{"model":"m","prompt":"a","input":"a"}"""u8.ToArray();
        PromptKey[] keys =
        [
            reader.Read(PromptEndpoint.Completions, "a", body).Key,
            reader.Read(PromptEndpoint.Completions, "b", body).Key,
            reader.Read(PromptEndpoint.Embeddings, "a", body).Key,
            reader.Read(PromptEndpoint.Embeddings, "b", body).Key,
        ];
        keys.Distinct().Count().ShouldBe(4);
    }

    [Fact]
    public void Read_RememberedBody_AllocatesNothing()
    {
        var reader = Keying.Reader();
        var longScope = new string('é', 500);
        ReadBoth(); // the thread's hash exists from here on

        // The least of several rounds: the pool may be trimmed in one of them.
        Enumerable.Range(0, 5).Min(_ => ReadBoth()).ShouldBe(0);

        long ReadBoth()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                reader.Read(PromptEndpoint.ChatCompletions, "tenant", Body);
                reader.Read(PromptEndpoint.ChatCompletions, longScope, Body);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void Read_RefusedBody_IsRefusedAgain()
    {
        var reader = Keying.Reader();
        for (var i = 0; i < 2; i++)
            Should.Throw<InvalidPromptException>(() => reader.Read(PromptEndpoint.ChatCompletions, "s", "{}"u8));
    }

    [Fact]
    public void Read_AfterAnException_DigestStartsAfresh()
    {
        var reader = Keying.Reader();
        var first = reader.Read(PromptEndpoint.ChatCompletions, "s", Body);
        Should.Throw<InvalidPromptException>(() => reader.Read(PromptEndpoint.ChatCompletions, "s", "{"u8));
        reader.Read(PromptEndpoint.ChatCompletions, "s", Body).ShouldBeSameAs(first);
    }

    [Fact]
    public void Read_NoMemo_GivesTheSameKeys()
    {
        var with = Keying.Reader().Read(PromptEndpoint.ChatCompletions, "s", Body);
        var without = Keying.Reader(memoEntries: 0).Read(PromptEndpoint.ChatCompletions, "s", Body);
        without.ShouldBe(with);
    }

    [Fact]
    public void Read_ManyThreads_AgreeOnEveryKey()
    {
        var reader = Keying.Reader(memoEntries: 16);
        var bodies = Enumerable.Range(0, 64).Select(i => Encoding.UTF8.GetBytes(Keying.ChatWith($",\"seed\":{i}"))).ToArray();
        var expected = bodies.Select(b => Keying.Read(b).Key).ToArray();
        Parallel.For(0, 4000, i => reader.Read(PromptEndpoint.ChatCompletions, "s", bodies[i % 64]).Key.ShouldBe(expected[i % 64]));
    }
}
