using OrleansCache.Core.Storage;

namespace OrleansCache.Storage.Tests;

/// <summary>Opening, group commit, cancellation.</summary>
public abstract partial class CompletionStoreConformance
{
    [Fact]
    public async Task Put_ManyAtOnce_ShareCommits()
    {
        var before = Commits(Store);

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Store.PutAsync(Entries.Make(Clock, Entries.Key(i)), default).Soon()));

        (Commits(Store) - before).ShouldBeInRange(1, 150);
        (await Store.GetStatisticsAsync(default).Soon()).Entries.ShouldBe(200);
    }

    [Fact]
    public async Task Put_SameKeyInOneGroup_LastWins()
    {
        for (var round = 0; round < 10; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Store.PutAsync(Entries.Make(Clock, Entries.Key(1), $"{i}"), default).Soon()));
            (await Store.GetAsync(Entries.Key(1), default).Soon())!.Text().ShouldBe("19");
        }
    }

    [Fact]
    public async Task Open_TenAtOnceOnAFreshDatabase_AllWork()
    {
        await CleanAsync();
        await PrepareAsync();

        var stores = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => OpenAsyncSafely())));

        await Task.WhenAll(stores.Select((store, i) => store.PutAsync(Entries.Make(Clock, Entries.Key(i)), default).Soon()));
        foreach (var store in stores) (await store.GetStatisticsAsync(default).Soon()).Entries.ShouldBe(10);
    }

    [Fact]
    public async Task Open_Again_FindsEverything()
    {
        for (var i = 0; i < 50; i++) await Store.PutAsync(Entries.Make(Clock, Entries.Key(i), $"{i}"), default).Soon();
        await Store.DisposeAsync();

        var again = await OpenAsync();

        for (var i = 0; i < 50; i++) (await again.GetAsync(Entries.Key(i), default).Soon())!.Text().ShouldBe($"{i}");
        (await again.GetStatisticsAsync(default).Soon()).Entries.ShouldBe(50);
    }

    [Fact]
    public async Task Open_SchemaOfANewerProgram_IsRefusedForGoodAndSaysSo()
    {
        await ExecuteAsync("UPDATE schema_version SET version = 77");
        await using var store = Create();

        var fault = await Should.ThrowAsync<StoreException>(store.OpenAsync(default).Soon());

        fault.IsTransient.ShouldBeFalse();
        fault.Message.ShouldContain("77");
        fault.Message.ShouldContain("OrleansCache:Store:");
    }

    [Fact]
    public async Task AnyCall_BeforeOpen_IsATransientFault()
    {
        await using var store = Create();

        (await Should.ThrowAsync<StoreException>(store.GetAsync(Entries.Key(1), default).Soon())).IsTransient.ShouldBeTrue();
        (await Should.ThrowAsync<StoreException>(store.PutAsync(Entries.Make(Clock, Entries.Key(1)), default).Soon())).IsTransient.ShouldBeTrue();
    }

    [Fact]
    public async Task AnyCall_Cancelled_ThrowsAndLeavesTheStoreInOrder()
    {
        var cancelled = new CancellationToken(canceled: true);

        await Should.ThrowAsync<OperationCanceledException>(Store.GetAsync(Entries.Key(1), cancelled).Soon());
        await Should.ThrowAsync<OperationCanceledException>(Store.PutAsync(Entries.Make(Clock, Entries.Key(1)), cancelled).Soon());

        await Store.PutAsync(Entries.Make(Clock, Entries.Key(2)), default).Soon();
        (await Store.GetAsync(Entries.Key(1), default).Soon()).ShouldBeNull();
        (await Store.GetAsync(Entries.Key(2), default).Soon()).ShouldNotBeNull();
    }

    private async Task<ICompletionStore> OpenAsyncSafely()
    {
        var store = Create();
        lock (_opened) _opened.Add(store);
        await store.OpenAsync(default).Soon();
        return store;
    }
}
