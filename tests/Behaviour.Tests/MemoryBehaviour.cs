using OrleansCache.Core.Prompts;
using OrleansCache.Core.Upstream;
using OrleansCache.Testing;

namespace OrleansCache.Behaviour.Tests;

public abstract class MemoryBehaviour<TFactory>
    where TFactory : IOwnerHarnessFactory, new()
{
    private static OwnerHarness Create(CacheOptions? options = null) => new TFactory().Create(options ?? new CacheOptions());

    public static TheoryData<EvictionKind> Kinds => [.. Enum.GetValues<EvictionKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Memory_ManyPrompts_StaysWithinItsBoundAndTheStoreAnswersTheRest(EvictionKind kind)
    {
        await using var cache = Create(new CacheOptions { MemoryBytes = 1 << 20, Eviction = kind });
        var content = new string('x', 10_000);
        cache.Upstream.Handler = (_, _) => Task.FromResult(Answers.Plain(content));
        for (var i = 0; i < 300; i++)
        {
            await cache.AskAsync(Ask.For($"p{i}"));
            cache.Owners.Memory.Bytes.ShouldBeLessThanOrEqualTo(1 << 20);
        }

        cache.Owners.Memory.Evictions.ShouldBeGreaterThan(100);
        cache.Owners.Memory.Entries.ShouldBeInRange(50, 110);
        for (var i = 0; i < 300; i++) (await cache.AskAsync(Ask.For($"p{i}"))).Source.ShouldBe(CacheSource.Hit);
        cache.Upstream.Calls.ShouldBe(300);
    }

    [Fact]
    public async Task Memory_AnAnswerTooLargeForIt_IsServedFromTheStore()
    {
        await using var cache = Create(new CacheOptions { MemoryBytes = 1 << 20 });
        cache.Upstream.Handler = (_, _) => Task.FromResult(Answers.Plain(new string('x', 2 << 20)));
        await cache.AskAsync(Ask.For("a"));

        (await cache.AskAsync(Ask.For("a"))).Source.ShouldBe(CacheSource.Hit);
        cache.Owners.Memory.Bytes.ShouldBe(0);
        cache.Upstream.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task Memory_AfterErrors_HoldsNothing()
    {
        await using var cache = Create();
        cache.Upstream.Handler = (_, _) => Task.FromResult(Answers.Error(500));
        for (var i = 0; i < 100; i++) await cache.AskAsync(Ask.For($"p{i}"));

        (cache.Owners.Memory.Entries, cache.Owners.Memory.Bytes, cache.Owners.Memory.Flights).ShouldBe((0, 0, 0));
    }

    [Fact]
    public async Task Put_AWholeAnswer_IsAHitAfterwards()
    {
        await using var cache = Create();
        var body = System.Text.Encoding.UTF8.GetBytes(Answers.Body("given"));
        (await cache.Owners.PutAsync(Ask.For("a"), body, default)).ShouldBeNull();

        (await cache.AskAsync(Ask.For("a"))).Text().ShouldBe(Answers.Body("given"));
        cache.Upstream.Calls.ShouldBe(0);
        cache.Store.Entries.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Put_AHalfAnswer_IsRefusedByTheGate()
    {
        await using var cache = Create();
        var body = System.Text.Encoding.UTF8.GetBytes(Answers.Body(finishReason: null));
        (await cache.Owners.PutAsync(Ask.For("a"), body, default)).ShouldBe("no_finish_reason");
        cache.Store.Writes.ShouldBe(0);
        cache.HasLocal(Ask.For("a")).ShouldBeFalse();
    }

    [Fact]
    public async Task Purge_ByEachDimension_ReachesMemoryAndStore()
    {
        await using var cache = Create();
        PromptRequest[] all =
        [
            Ask.For("a", scope: "t1", model: "m1", tags: ["x"]),
            Ask.For("a", scope: "t1/s", model: "m1", tags: ["y"]),
            Ask.For("a", scope: "t2", model: "m1", tags: ["x", "y"]),
            Ask.For("a", scope: "t2", model: "m2"),
        ];
        (EntryFilter Filter, int[] Gone)[] purges =
        [
            (new EntryFilter { Key = all[1].Key }, [1]),
            (new EntryFilter { Scope = "t1" }, [0]),
            (new EntryFilter { Tenant = "t1" }, [0, 1]),
            (new EntryFilter { Model = "m1" }, [0, 1, 2]),
            (new EntryFilter { Tag = "y" }, [1, 2]),
            (new EntryFilter { Tag = "x", Scope = "t2" }, [2]),
            (new EntryFilter(), [0, 1, 2, 3]),
        ];
        foreach (var (filter, gone) in purges)
        {
            foreach (var request in all) await cache.AskAsync(request);
            (await cache.Owners.PurgeAsync(filter, default)).ShouldBe(gone.Length);
            for (var i = 0; i < all.Length; i++)
            {
                cache.HasLocal(all[i]).ShouldBe(!gone.Contains(i), $"{filter}: {i}");
                cache.Store.Entries.ContainsKey(all[i].Key).ShouldBe(!gone.Contains(i), $"{filter}: {i}");
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Purge_DuringAFlight_ItsAnswerIsDeliveredAndNotKept(bool whileWriting)
    {
        await using var cache = Create();
        var fetched = new TaskCompletionSource<UpstreamAnswer>();
        var written = new TaskCompletionSource();
        cache.Upstream.Handler = (_, _) => fetched.Task;
        cache.Store.BeforeWrite = () => written.Task;
        var asked = cache.AskAsync(Ask.For("a"));
        await Eventually.TrueAsync(() => cache.Upstream.Calls == 1);
        if (whileWriting)
        {
            fetched.SetResult(Answers.Plain());
            await Eventually.TrueAsync(() => cache.Store.Writes == 1);
        }

        await cache.Owners.PurgeAsync(new EntryFilter { Scope = "tenant" }, default);
        written.SetResult();
        fetched.TrySetResult(Answers.Plain());

        (await asked).Text().ShouldBe(Answers.Body());
        cache.HasLocal(Ask.For("a")).ShouldBeFalse();
        cache.Store.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Purge_DuringALoad_TheLoadedAnswerIsNotKept()
    {
        await using var cache = Create();
        await cache.AskAsync(Ask.For("a"));
        await cache.RestartAsync();
        var looked = new TaskCompletionSource();
        var answered = new TaskCompletionSource();
        cache.Store.AfterRead = () =>
        {
            looked.TrySetResult();
            return answered.Task;
        };
        var asked = cache.AskAsync(Ask.For("a"));
        await looked.Task.WaitAsync(OwnerHarness.Patience);

        await cache.Owners.PurgeAsync(new EntryFilter(), default);
        answered.SetResult();
        (await asked).IsAnswered.ShouldBeTrue();
        cache.HasLocal(Ask.For("a")).ShouldBeFalse();
        (await cache.AskAsync(Ask.For("a"))).Source.ShouldBe(CacheSource.Miss);
    }

    [Fact]
    public async Task Purge_WhileTheStoreDeletes_AFlightThatLandsIsNotKept()
    {
        await using var cache = Create();
        var (collected, delete) = (new TaskCompletionSource(), new TaskCompletionSource());
        var fetched = new TaskCompletionSource<UpstreamAnswer>();
        cache.Upstream.Handler = (_, _) => fetched.Task;
        var asked = cache.AskAsync(Ask.For("a"));
        await Eventually.TrueAsync(() => cache.Upstream.Calls == 1);
        cache.Store.WhilePurging = filter =>
        {
            if (filter.Key is not null) return Task.CompletedTask;
            collected.TrySetResult();
            return delete.Task;
        };
        var purging = cache.Owners.PurgeAsync(new EntryFilter { Scope = "tenant" }, default).AsTask();
        await collected.Task.WaitAsync(OwnerHarness.Patience);

        fetched.SetResult(Answers.Plain());
        (await asked).Text().ShouldBe(Answers.Body());
        delete.SetResult();
        await purging;
        cache.Store.Entries.ShouldBeEmpty();
        cache.HasLocal(Ask.For("a")).ShouldBeFalse();
    }

    [Fact]
    public async Task Purge_DuringAFlight_NobodyFindsItsAnswerInTheStoreBeforeItIsDeleted()
    {
        await using var cache = Create();
        var (written, deleting, delete) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        cache.Store.BeforeWrite = () => written.Task;
        var first = cache.AskAsync(Ask.For("a"));
        await Eventually.TrueAsync(() => cache.Store.Writes == 1);
        await cache.Owners.PurgeAsync(new EntryFilter(), default);
        cache.Store.WhilePurging = _ =>
        {
            deleting.TrySetResult();
            return delete.Task;
        };
        written.SetResult();
        await deleting.Task.WaitAsync(OwnerHarness.Patience);

        var second = cache.AskAsync(Ask.For("a"));
        delete.SetResult();
        (await second).Source.ShouldBe(CacheSource.Coalesced);
        (await first).Source.ShouldBe(CacheSource.Miss);
        cache.HasLocal(Ask.For("a")).ShouldBeFalse();
        cache.Store.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Purge_TheStoreHangs_TheFlightsCallersAreAnswered()
    {
        await using var cache = Create();
        var (written, deleting) = (new TaskCompletionSource(), new TaskCompletionSource());
        cache.Store.BeforeWrite = () => written.Task;
        var asked = cache.AskAsync(Ask.For("a"));
        await Eventually.TrueAsync(() => cache.Store.Writes == 1);
        await cache.Owners.PurgeAsync(new EntryFilter(), default);
        cache.Store.WhilePurging = _ =>
        {
            deleting.TrySetResult();
            return Task.Delay(Timeout.Infinite);
        };
        written.SetResult();
        await deleting.Task.WaitAsync(OwnerHarness.Patience);

        cache.Clock.Advance(TimeSpan.FromMinutes(1));
        (await asked).Text().ShouldBe(Answers.Body());
    }

    [Fact]
    public async Task Purge_OfOthers_LeavesTheOrderOfEvictionAlone()
    {
        await using var cache = Create(new CacheOptions { MemoryBytes = 1 << 20, Eviction = EvictionKind.Fifo });
        cache.Upstream.Handler = (_, _) => Task.FromResult(Answers.Plain(new string('x', 10_000)));
        for (var i = 0; i < 90; i++) await cache.AskAsync(Ask.For($"p{i}"));
        await cache.Owners.PurgeAsync(new EntryFilter { Model = "another" }, default);
        await cache.Owners.PurgeAsync(new EntryFilter { Key = Ask.For("nobody").Key }, default);
        for (var i = 90; i < 120; i++) await cache.AskAsync(Ask.For($"p{i}"));

        var held = Enumerable.Range(0, 120).Select(i => cache.HasLocal(Ask.For($"p{i}"))).ToList();
        held.ShouldBe([.. held.Order()], "the oldest left first");
        held[0].ShouldBeFalse();
    }

    [Fact]
    public async Task Owners_ThatHoldNothing_AreForgotten()
    {
        await using var cache = Create();
        await cache.AskAsync(Ask.For("a", directives: Ask.OnlyIfCached));
        await cache.Owners.PutAsync(Ask.For("b"), System.Text.Encoding.UTF8.GetBytes(Answers.Body(finishReason: null)), default);
        cache.Store.BeforeRead = () => Task.Delay(Timeout.Infinite);
        using var hangUp = new CancellationTokenSource();
        var left = cache.Owners.AskAsync(Ask.For("c", directives: Ask.OnlyIfCached), hangUp.Token).AsTask();
        await hangUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => left);

        cache.Owners.Memory.Owners.ShouldBe(0);
    }

    [Fact]
    public async Task Memory_OfTags_IsCharged()
    {
        await using var cache = Create();
        await cache.AskAsync(Ask.For("a"));
        var plain = cache.Owners.Memory.Bytes;
        await cache.AskAsync(Ask.For("b", tags: [new string('t', 64), new string('u', 64)]));
        (cache.Owners.Memory.Bytes - plain).ShouldBeGreaterThanOrEqualTo(plain + 256);
    }
}
