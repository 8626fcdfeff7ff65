using OrleansCache.Core.Prompts;

namespace OrleansCache.Behaviour.Tests;

public abstract class FreshnessBehaviour<TFactory>
    where TFactory : IOwnerHarnessFactory, new()
{
    private static OwnerHarness Create(CacheOptions? options = null) => new TFactory().Create(options ?? new CacheOptions());

    [Fact]
    public async Task Ask_Twice_SecondIsAHitWithTheSameBytes()
    {
        await using var cache = Create();
        var first = await cache.AskAsync(Ask.For("a"));
        var second = await cache.AskAsync(Ask.For("a"));

        first.Source.ShouldBe(CacheSource.Miss);
        second.Source.ShouldBe(CacheSource.Hit);
        second.Text().ShouldBe(first.Text());
        second.Text().ShouldBe(Answers.Body());
        cache.Upstream.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task Hit_Always_CallsNoUpstreamAndWritesNothing()
    {
        await using var cache = Create();
        await cache.AskAsync(Ask.For("a"));
        var (calls, reads, writes) = (cache.Upstream.Calls, cache.Store.Reads, cache.Store.Writes);

        for (var i = 0; i < 100; i++) (await cache.AskAsync(Ask.For("a", stream: i % 2 == 0))).Source.ShouldBe(CacheSource.Hit);

        (cache.Upstream.Calls, cache.Store.Reads, cache.Store.Writes).ShouldBe((calls, reads, writes));
        cache.HasLocal(Ask.For("a")).ShouldBeTrue();
    }

    [Fact]
    public async Task Ask_OtherScope_IsNeverGivenTheCompletion()
    {
        await using var cache = Create();
        await cache.AskAsync(Ask.For("a", scope: "one"));

        (await cache.AskAsync(Ask.For("a", scope: "two"))).Source.ShouldBe(CacheSource.Miss);
        cache.Upstream.Calls.ShouldBe(2);
    }

    [Fact]
    public async Task Ask_AfterTheTtl_AsksAgain()
    {
        await using var cache = Create(new CacheOptions { DefaultTtl = TimeSpan.FromMinutes(1) });
        await cache.AskAsync(Ask.For("a"));

        cache.Clock.Advance(TimeSpan.FromSeconds(59));
        (await cache.AskAsync(Ask.For("a"))).Source.ShouldBe(CacheSource.Hit);
        cache.Clock.Advance(TimeSpan.FromSeconds(1));
        cache.HasLocal(Ask.For("a")).ShouldBeFalse();
        (await cache.AskAsync(Ask.For("a"))).Source.ShouldBe(CacheSource.Miss);
    }

    [Fact]
    public async Task Ttl_OfTheRequest_IsKeptWithinTheMaximum()
    {
        await using var cache = Create(new CacheOptions { MaxTtl = TimeSpan.FromHours(30), DefaultTtl = TimeSpan.FromHours(1) });
        var shortLived = (await cache.AskAsync(Ask.For("a", directives: Ask.Ttl(10)))).Completion!;
        var longLived = (await cache.AskAsync(Ask.For("b", directives: Ask.Ttl(int.MaxValue)))).Completion!;

        (shortLived.FreshUntil - shortLived.CreatedAt).ShouldBe(10_000);
        (longLived.FreshUntil - longLived.CreatedAt).ShouldBe(30L * 3600 * 1000);
    }

    [Fact]
    public async Task Ttl_OfAModelRule_FirstMatchCounts()
    {
        await using var cache = Create(new CacheOptions
        {
            Models =
            [
                new ModelRule { Model = "gpt-4o-mini", Ttl = TimeSpan.FromSeconds(5) },
                new ModelRule { Model = "gpt-4*", Ttl = TimeSpan.FromSeconds(7) },
            ],
        });

        async Task<long> Seconds(string model)
        {
            var completion = (await cache.AskAsync(Ask.For("a", model: model))).Completion!;
            return (completion.FreshUntil - completion.CreatedAt) / 1000;
        }

        (await Seconds("gpt-4o-mini")).ShouldBe(5);
        (await Seconds("gpt-4o")).ShouldBe(7);
        (await Seconds("o3")).ShouldBe(24 * 3600);
    }

    [Fact]
    public async Task NoCache_WithAFreshEntry_AsksAndRefreshesIt()
    {
        await using var cache = Create();
        await cache.AskAsync(Ask.For("a"));
        cache.Upstream.Handler = (_, _) => Task.FromResult(Answers.Plain("new"));

        (await cache.AskAsync(Ask.For("a", directives: Ask.NoCache))).Source.ShouldBe(CacheSource.Miss);
        var after = await cache.AskAsync(Ask.For("a"));
        after.Source.ShouldBe(CacheSource.Hit);
        after.Text().ShouldBe(Answers.Body("new"));
    }

    [Fact]
    public async Task MaxAge_OlderEntry_AsksAgain()
    {
        await using var cache = Create();
        await cache.AskAsync(Ask.For("a"));
        cache.Clock.Advance(TimeSpan.FromSeconds(10));

        (await cache.AskAsync(Ask.For("a", directives: Ask.MaxAge(10)))).Source.ShouldBe(CacheSource.Hit);
        (await cache.AskAsync(Ask.For("a", directives: Ask.MaxAge(9)))).Source.ShouldBe(CacheSource.Miss);
    }

    [Fact]
    public async Task OnlyIfCached_WithoutAnEntry_IsRefusedWithoutACall()
    {
        await using var cache = Create();
        var answer = await cache.AskAsync(Ask.For("a", directives: Ask.OnlyIfCached));

        answer.Refusal.ShouldNotBeNull().Status.ShouldBe(504);
        cache.Upstream.Calls.ShouldBe(0);
        cache.Owners.Memory.Entries.ShouldBe(0);
    }

    [Fact]
    public async Task OnlyIfCached_WithAnEntryInTheStore_IsAHit()
    {
        await using var cache = Create();
        await cache.AskAsync(Ask.For("a"));
        await cache.RestartAsync();

        (await cache.AskAsync(Ask.For("a", directives: Ask.OnlyIfCached))).Source.ShouldBe(CacheSource.Hit);
        cache.Upstream.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task NoStore_Always_NeitherReadsNorWritesNorCoalesces()
    {
        await using var cache = Create();
        await cache.AskAsync(Ask.For("a"));
        var writes = cache.Store.Writes;

        var alone = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => cache.AskAsync(Ask.For("a", directives: Ask.NoStore))));

        alone.ShouldAllBe(answer => answer.Source == CacheSource.Bypass);
        cache.Upstream.Calls.ShouldBe(6);
        cache.Store.Writes.ShouldBe(writes);
    }

    [Fact]
    public async Task MaxTemperature_HotterRequests_AreIndependentSamples()
    {
        await using var cache = Create(new CacheOptions { MaxTemperature = 0.5 });
        (await cache.AskAsync(Ask.For("a", temperature: 0.5))).Source.ShouldBe(CacheSource.Miss);
        (await cache.AskAsync(Ask.For("b", temperature: 0.6))).Source.ShouldBe(CacheSource.Bypass);
        (await cache.AskAsync(Ask.For("c"))).Source.ShouldBe(CacheSource.Bypass, "OpenAI's default is 1");
    }

    [Fact]
    public async Task MaxTemperature_Embeddings_HaveNone()
    {
        await using var cache = Create(new CacheOptions { MaxTemperature = 0 });
        cache.Upstream.Handler = (_, _) => Task.FromResult(Answers.Embedding());
        var request = Ask.For("a") with { Endpoint = Core.Keys.PromptEndpoint.Embeddings };
        (await cache.AskAsync(request)).Source.ShouldBe(CacheSource.Miss);
        (await cache.AskAsync(request)).Source.ShouldBe(CacheSource.Hit);
    }

    [Fact]
    public async Task Upstream_ThatForbidsCaching_IsCachedAllTheSame()
    {
        await using var cache = Create();
        cache.Upstream.Handler = (_, _) => Task.FromResult(Testing.ScriptedUpstream.Json(
            Answers.Body(), 200, ("cache-control", "no-cache, no-store, private")));
        await cache.AskAsync(Ask.For("a"));
        (await cache.AskAsync(Ask.For("a"))).Source.ShouldBe(CacheSource.Hit);
    }

    [Fact]
    public async Task ModelRule_NotCached_Bypasses()
    {
        await using var cache = Create(new CacheOptions { Models = [new ModelRule { Model = "live-*", Cached = false }] });
        (await cache.AskAsync(Ask.For("a", model: "live-1"))).Source.ShouldBe(CacheSource.Bypass);
        (await cache.AskAsync(Ask.For("a", model: "other"))).Source.ShouldBe(CacheSource.Miss);
        cache.Store.Writes.ShouldBe(1);
    }

    [Fact]
    public async Task Restart_WithAStore_AnswersFromIt()
    {
        await using var cache = Create();
        await cache.AskAsync(Ask.For("a"));
        await cache.RestartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => cache.AskAsync(Ask.For("a"))));
        answers.ShouldAllBe(answer => answer.Source == CacheSource.Hit);
        cache.Upstream.Calls.ShouldBe(1);
        cache.HasLocal(Ask.For("a")).ShouldBeTrue();
    }

    [Fact]
    public async Task Clock_ThatJumpsBack_DoesNotExtendAgeOrFail()
    {
        await using var cache = Create();
        cache.Clock.Advance(TimeSpan.FromHours(2));
        await cache.AskAsync(Ask.For("a"));
        cache.Clock.Advance(TimeSpan.FromHours(-1));

        (await cache.AskAsync(Ask.For("a"))).Source.ShouldBe(CacheSource.Hit);
        (await cache.AskAsync(Ask.For("a", directives: Ask.MaxAge(0)))).Source.ShouldBe(CacheSource.Hit);
    }
}
