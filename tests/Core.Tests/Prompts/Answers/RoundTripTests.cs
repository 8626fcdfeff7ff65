using System.Text;
using System.Text.Json;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts.Answers;

namespace OrleansCache.Core.Tests.Prompts.Answers;

public sealed class RoundTripTests
{
    public static TheoryData<PromptEndpoint, int> Seeds()
    {
        var data = new TheoryData<PromptEndpoint, int>();
        for (var seed = 1; seed <= 10; seed++)
        {
            data.Add(PromptEndpoint.ChatCompletions, seed);
            data.Add(PromptEndpoint.Completions, seed);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Fold_UnfoldedBody_GivesTheBody(PromptEndpoint endpoint, int seed)
    {
        for (var i = 0; i < 60; i++)
        {
            var generator = new AnswerGenerator((seed * 1000) + i);
            var body = TestJson.Write(Generate(generator, endpoint), generator.Random);
            var parts = StreamUnfolder.Unfold(endpoint, body).ToList();
            parts.Exists(p => p.Data.Span.IndexOfAny("\r\n"u8) >= 0).ShouldBeFalse("an event has one line");
            Fold(endpoint, parts.ConvertAll(p => p.Data)).ShouldBeJson(body, $"seed {(seed * 1000) + i}");
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Fold_BodyCutAnywhere_GivesTheBodyAndAgainAfterUnfolding(PromptEndpoint endpoint, int seed)
    {
        for (var i = 0; i < 30; i++)
        {
            var generator = new AnswerGenerator((seed * 1000) + i);
            var tree = Generate(generator, endpoint);
            var chunks = new AnswerChunker(generator.Random).Chunks(tree, endpoint == PromptEndpoint.ChatCompletions);
            var body = Fold(endpoint, chunks.ConvertAll(c => new ReadOnlyMemory<byte>(c)));
            body.ShouldBeJson(TestJson.Write(tree), $"seed {(seed * 1000) + i}");
            var again = StreamUnfolder.Unfold(endpoint, body).Select(p => p.Data).ToList();
            Fold(endpoint, again).ShouldBeJson(body, $"seed {(seed * 1000) + i}");
        }
    }

    [Fact]
    public void Fold_AnythingBroken_NeverThrowsAndHandsTheDataOn()
    {
        var random = new Random(7);
        for (var i = 0; i < 300; i++)
        {
            var generator = new AnswerGenerator(i);
            var folder = new StreamFolder(PromptEndpoint.ChatCompletions);
            foreach (var chunk in new AnswerChunker(generator.Random).Chunks(generator.Chat(), chat: true))
            {
                var broken = random.Next(10) == 0 ? Break(chunk, random) : chunk;
                folder.Add(broken).Data.Span.SequenceEqual(broken).ShouldBeTrue();
            }

            if (folder.ToBody() is { } body) JsonDocument.Parse(body).Dispose();
            else folder.Fault.ShouldNotBeNull();
        }
    }

    [Fact]
    public void Unfold_AnythingBroken_NeverThrows()
    {
        var random = new Random(8);
        for (var i = 0; i < 500; i++)
        {
            var generator = new AnswerGenerator(i);
            var broken = Break(TestJson.Write(generator.Chat()), random);
            StreamUnfolder.Unfold(PromptEndpoint.ChatCompletions, broken).ShouldNotBeEmpty();
        }
    }

    [Fact]
    public void Unfold_ThirtyTwoKilobytes_AllocatesInProportion()
    {
        var text = string.Concat(Enumerable.Repeat("A cache that answers at once. ", 1100));
        var body = Encoding.UTF8.GetBytes(
            $$"""{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"{{text}}"},"finish_reason":"stop"}]}""");
        var before = GC.GetAllocatedBytesForCurrentThread();
        var (count, bytes) = (0, 0L);
        foreach (var part in StreamUnfolder.Unfold(PromptEndpoint.ChatCompletions, body)) (count, bytes) = (count + 1, bytes + part.Data.Length);
        count.ShouldBeInRange(500, 1100);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(bytes + (count * 40) + 16_384);
    }

    private static TestJson.Obj Generate(AnswerGenerator generator, PromptEndpoint endpoint) =>
        endpoint == PromptEndpoint.ChatCompletions ? generator.Chat() : generator.Legacy();

    private static byte[]? Fold(PromptEndpoint endpoint, List<ReadOnlyMemory<byte>> chunks)
    {
        var folder = new StreamFolder(endpoint);
        foreach (var chunk in chunks) folder.Add(chunk);
        folder.Fault.ShouldBeNull();
        return folder.ToBody();
    }

    private static byte[] Break(byte[] json, Random random)
    {
        var broken = (byte[])json.Clone();
        if (broken.Length > 0 && random.Next(3) > 0) broken[random.Next(broken.Length)] = (byte)random.Next(256);
        return random.Next(4) == 0 ? broken[..random.Next(broken.Length + 1)] : broken;
    }
}
