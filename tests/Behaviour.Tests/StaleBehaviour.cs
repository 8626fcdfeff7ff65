using OrleansCache.Core.Prompts;
using OrleansCache.Core.Upstream;
using OrleansCache.Testing;

namespace OrleansCache.Behaviour.Tests;

public abstract class StaleBehaviour<TFactory>
    where TFactory : IOwnerHarnessFactory, new()
{
    private static OwnerHarness Create(CacheOptions options) => new TFactory().Create(options);

    private static CacheOptions OnError { get; } = new() { DefaultTtl = TimeSpan.FromSeconds(10), StaleIfError = TimeSpan.FromSeconds(60) };

    private static CacheOptions Behind { get; } = new() { DefaultTtl = TimeSpan.FromSeconds(10), StaleWhileRevalidate = TimeSpan.FromSeconds(60) };

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task StaleIfError_UpstreamFails_TheOldAnswerStandsIn(int status)
    {
        await using var cache = Create(OnError);
        await cache.AskAsync(Ask.For("a"));
        cache.Clock.Advance(TimeSpan.FromSeconds(30));
        cache.Upstream.Handler = (_, _) => Task.FromResult(Answers.Error(status));

        var answer = await cache.AskAsync(Ask.For("a"));
        answer.Source.ShouldBe(CacheSource.Stale);
        answer.Text().ShouldBe(Answers.Body());
        cache.Upstream.Calls.ShouldBe(2);
    }

    [Fact]
    public async Task StaleIfError_AfterARestart_TheStoresAnswerStandsIn()
    {
        await using var cache = Create(OnError);
        await cache.AskAsync(Ask.For("a"));
        cache.Clock.Advance(TimeSpan.FromSeconds(30));
        await cache.RestartAsync();
        cache.Upstream.Handler = (_, _) => throw new UpstreamException(UpstreamFault.Unreachable, "gone");

        (await cache.AskAsync(Ask.For("a"))).Source.ShouldBe(CacheSource.Stale);
    }

    [Fact]
    public async Task StaleIfError_400_IsTheAnswer()
    {
        await using var cache = Create(OnError);
        await cache.AskAsync(Ask.For("a"));
        cache.Clock.Advance(TimeSpan.FromSeconds(30));
        cache.Upstream.Handler = (_, _) => Task.FromResult(Answers.Error(400));

        (await cache.AskAsync(Ask.For("a"))).Refusal.ShouldNotBeNull().Status.ShouldBe(400);
    }

    [Fact]
    public async Task StaleIfError_PastItsWindow_TheErrorIsTheAnswer()
    {
        await using var cache = Create(OnError);
        await cache.AskAsync(Ask.For("a"));
        cache.Clock.Advance(TimeSpan.FromSeconds(70));
        cache.Upstream.Handler = (_, _) => Task.FromResult(Answers.Error(500));

        (await cache.AskAsync(Ask.For("a"))).Refusal.ShouldNotBeNull().Status.ShouldBe(500);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StaleIfError_CallerWantsNothingOld_IsGivenTheError(bool noCache)
    {
        await using var cache = Create(OnError);
        await cache.AskAsync(Ask.For("a"));
        cache.Clock.Advance(TimeSpan.FromSeconds(30));
        cache.Upstream.Handler = (_, _) => Task.FromResult(Answers.Error(500));

        var answer = await cache.AskAsync(Ask.For("a", directives: noCache ? Ask.NoCache : Ask.MaxAge(5)));
        answer.Refusal.ShouldNotBeNull().Status.ShouldBe(500);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StaleWhileRevalidate_WithinItsWindow_ServesTheOldAndFetchesOnce(bool restarted)
    {
        await using var cache = Create(Behind);
        await cache.AskAsync(Ask.For("a"));
        cache.Clock.Advance(TimeSpan.FromSeconds(30));
        if (restarted) await cache.RestartAsync();
        var written = new TaskCompletionSource();
        var fetched = new TaskCompletionSource<UpstreamAnswer>();
        cache.Upstream.Handler = (_, _) => fetched.Task;
        cache.Store.BeforeWrite = () =>
        {
            written.TrySetResult();
            return Task.CompletedTask;
        };

        for (var i = 0; i < 10; i++)
        {
            var old = await cache.AskAsync(Ask.For("a"));
            old.Source.ShouldBe(CacheSource.Stale);
            old.Text().ShouldBe(Answers.Body());
        }

        fetched.SetResult(Answers.Plain("new"));
        await written.Task.WaitAsync(OwnerHarness.Patience);
        await Eventually.TrueAsync(async () => (await cache.AskAsync(Ask.For("a"))).Source == CacheSource.Hit);
        (await cache.AskAsync(Ask.For("a"))).Text().ShouldBe(Answers.Body("new"));
        cache.Upstream.Calls.ShouldBe(2);
    }

    [Fact]
    public async Task StaleWhileRevalidate_FetchFails_TheOldIsServedUntilItsWindowEnds()
    {
        await using var cache = Create(Behind);
        await cache.AskAsync(Ask.For("a"));
        cache.Clock.Advance(TimeSpan.FromSeconds(30));
        cache.Upstream.Handler = (_, _) => Task.FromResult(Answers.Error(500));

        (await cache.AskAsync(Ask.For("a"))).Source.ShouldBe(CacheSource.Stale);
        (await cache.AskAsync(Ask.For("a"))).Source.ShouldBe(CacheSource.Stale);
        cache.Clock.Advance(TimeSpan.FromSeconds(40));
        (await cache.AskAsync(Ask.For("a"))).Refusal.ShouldNotBeNull().Status.ShouldBe(500);
    }

    [Fact]
    public async Task StaleWhileRevalidate_TheNewAnswer_LivesAsLongAsItsCallerAsked()
    {
        await using var cache = Create(new CacheOptions { StaleWhileRevalidate = TimeSpan.FromSeconds(60) });
        await cache.AskAsync(Ask.For("a", directives: Ask.Ttl(10)));
        cache.Clock.Advance(TimeSpan.FromSeconds(20));
        (await cache.AskAsync(Ask.For("a", directives: Ask.Ttl(10)))).Source.ShouldBe(CacheSource.Stale);

        await Eventually.TrueAsync(() => cache.HasLocal(Ask.For("a")));
        var completion = (await cache.AskAsync(Ask.For("a"))).Completion!;
        (completion.FreshUntil - completion.CreatedAt).ShouldBe(10_000);
    }

    [Fact]
    public async Task StaleIfError_PurgedMeanwhile_DoesNotStandIn()
    {
        await using var cache = Create(OnError);
        await cache.AskAsync(Ask.For("a"));
        cache.Clock.Advance(TimeSpan.FromSeconds(30));
        var failed = new TaskCompletionSource<UpstreamAnswer>();
        cache.Upstream.Handler = (_, _) => failed.Task;
        var asked = cache.AskAsync(Ask.For("a"));
        await Eventually.TrueAsync(() => cache.Upstream.Calls == 2);

        await cache.Owners.PurgeAsync(new EntryFilter(), default);
        failed.SetResult(Answers.Error(500));
        (await asked).Refusal.ShouldNotBeNull().Status.ShouldBe(500);
    }
}
