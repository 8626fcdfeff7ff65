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
}
