using OrleansCache.Core.Prompts;
using OrleansCache.Core.Upstream;
using OrleansCache.Testing;

namespace OrleansCache.Behaviour.Tests;

public abstract class FailureBehaviour<TFactory>
    where TFactory : IOwnerHarnessFactory, new()
{
    private static OwnerHarness Create(CacheOptions? options = null) => new TFactory().Create(options ?? new CacheOptions());

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Error_OfTheUpstream_ReachesEveryCallerAsItIsAndIsNotStored(int status)
    {
        await using var cache = Create();
        var fetched = new TaskCompletionSource<UpstreamAnswer>();
        cache.Upstream.Handler = (_, _) => fetched.Task;
        var asked = Enumerable.Range(0, 10).Select(i => cache.AskAsync(Ask.For("a", stream: i % 2 == 0))).ToList();
        await Eventually.TrueAsync(() => cache.Upstream.Calls == 1);
        fetched.SetResult(Answers.Error(status));

        foreach (var answer in await Task.WhenAll(asked))
        {
            answer.Refusal.ShouldNotBeNull().Status.ShouldBe(status);
            answer.Refusal.Text().ShouldContain($"c{status}");
            answer.Refusal.Headers.ShouldContain(KeyValuePair.Create("retry-after", "3"));
        }

        cache.Store.Writes.ShouldBe(0);
        cache.Upstream.Handler = (_, _) => Task.FromResult(Answers.Plain());
        (await cache.AskAsync(Ask.For("a"))).Source.ShouldBe(CacheSource.Miss);
    }

    [Theory]
    [InlineData(UpstreamFault.Unreachable, 502)]
    [InlineData(UpstreamFault.Reset, 502)]
    [InlineData(UpstreamFault.Protocol, 502)]
    [InlineData(UpstreamFault.Timeout, 504)]
    [InlineData(UpstreamFault.NotConfigured, 404)]
    public async Task Fault_OfTheUpstream_IsARefusalOfItsOwn(UpstreamFault fault, int status)
    {
        await using var cache = Create();
        cache.Upstream.Handler = (_, _) => throw new UpstreamException(fault, "the reason");

        var answer = await cache.AskAsync(Ask.For("a"));
        answer.Refusal.ShouldNotBeNull().Status.ShouldBe(status);
        answer.Refusal.Text().ShouldContain("the reason");
    }

    [Fact]
    public async Task Fault_OutsideTheContract_Is500AndTheNextAskIsFree()
    {
        await using var cache = Create();
        cache.Upstream.Handler = (_, _) => throw new InvalidOperationException("secret detail");
        var answer = await cache.AskAsync(Ask.For("a"));
        answer.Refusal.ShouldNotBeNull().Status.ShouldBe(500);
        answer.Refusal.Text().ShouldNotContain("secret");

        cache.Upstream.Handler = (_, _) => Task.FromResult(Answers.Plain());
        (await cache.AskAsync(Ask.For("a"))).Source.ShouldBe(CacheSource.Miss);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stream_WithoutAFinishReason_IsDeliveredAndNeverStored(bool done)
    {
        await using var cache = Create();
        var stream = new ScriptedStream();
        cache.Upstream.Handler = (_, _) => Task.FromResult(stream.Answer);
        stream.Push(Answers.Chunk("half"));
        var live = await cache.AskAsync(Ask.For("a", stream: true));
        var plain = cache.AskAsync(Ask.For("a"));
        stream.Complete(done);

        if (done) (await live.ReadAsync()).ShouldBe([Answers.Chunk("half")]);
        else await Should.ThrowAsync<UpstreamException>(live.ReadAsync);
        (await plain).IsAnswered.ShouldBe(done);
        cache.Store.Writes.ShouldBe(0);
        cache.HasLocal(Ask.For("a")).ShouldBeFalse();
    }

    [Fact]
    public async Task Stream_WholeButWithoutDone_IsStored()
    {
        await using var cache = Create();
        var stream = new ScriptedStream();
        cache.Upstream.Handler = (_, _) => Task.FromResult(stream.Answer);
        stream.Push(Answers.Chunk("whole", "stop")).Complete(done: false);

        (await (await cache.AskAsync(Ask.For("a", stream: true))).ReadAsync()).Count.ShouldBe(1);
        (await cache.AskAsync(Ask.For("a"))).Source.ShouldBe(CacheSource.Hit);
    }

    [Fact]
    public async Task Stream_ThatBreaksOff_GivesEveryReaderWhatCameAndThenTheFault()
    {
        await using var cache = Create();
        var stream = new ScriptedStream();
        cache.Upstream.Handler = (_, _) => Task.FromResult(stream.Answer);
        stream.Push(Answers.Chunk("half"));
        var first = await cache.AskAsync(Ask.For("a", stream: true));
        var second = await cache.AskAsync(Ask.For("a", stream: true));
        var plain = cache.AskAsync(Ask.For("a"));
        stream.Fail(new UpstreamException(UpstreamFault.Timeout, "idle for 60 s"));

        foreach (var answer in (PromptAnswer[])[first, second])
        {
            await using var parts = answer.Parts!.GetAsyncEnumerator();
            (await parts.MoveNextAsync()).ShouldBeTrue();
            var fault = await Should.ThrowAsync<UpstreamException>(() => parts.MoveNextAsync().AsTask());
            fault.Fault.ShouldBe(UpstreamFault.Timeout);
        }

        (await plain).Refusal.ShouldNotBeNull().Status.ShouldBe(504);
        cache.Store.Writes.ShouldBe(0);
        await stream.Disposed.WaitAsync(OwnerHarness.Patience);
    }

    [Fact]
    public async Task Answer_WithoutAFinishReason_IsDeliveredAndNotStored()
    {
        await using var cache = Create();
        cache.Upstream.Handler = (_, _) => Task.FromResult(Answers.Plain(finishReason: null));

        (await cache.AskAsync(Ask.For("a"))).Text().ShouldBe(Answers.Body(finishReason: null));
        (await cache.AskAsync(Ask.For("a"))).Source.ShouldBe(CacheSource.Miss);
        cache.Store.Writes.ShouldBe(0);
    }

    [Theory]
    [InlineData("<html>busy</html>", 200)]
    [InlineData("""{"error":{"message":"no"}}""", 200)]
    [InlineData("{}", 302)]
    [InlineData("", 204)]
    public async Task Answer_ThatIsNoCompletion_IsPassedOnByteForByte(string body, int status)
    {
        await using var cache = Create();
        cache.Upstream.Handler = (_, _) => Task.FromResult(ScriptedUpstream.Json(body, status));

        var answer = await cache.AskAsync(Ask.For("a"));
        (answer.Refusal.ShouldNotBeNull().Status, answer.Refusal.Text()).ShouldBe((status, body));
        cache.Store.Writes.ShouldBe(0);
    }

    [Fact]
    public async Task Store_Gone_TheCallGoesOnAndSaysSo()
    {
        await using var cache = Create();
        cache.Store.Available = false;

        var answer = await cache.AskAsync(Ask.For("a"));
        (answer.Source, answer.StoreDegraded).ShouldBe((CacheSource.Miss, true));
        (await cache.AskAsync(Ask.For("a"))).Source.ShouldBe(CacheSource.Hit, "memory still holds it");
    }
}
