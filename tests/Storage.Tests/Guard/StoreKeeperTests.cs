using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansCache.Core.Storage;

namespace OrleansCache.Storage.Tests.Guard;

public sealed class StoreKeeperTests : GuardTests
{
    [Fact]
    public async Task Start_StoreUnreachable_StartsAndOpensItLater()
    {
        Store.OnOpen = () => throw ScriptedStore.Down();
        var guard = StoreParts.Guard(Store, Clock);
        using var keeper = new StoreKeeper(guard, Clock, NullLogger<StoreKeeper>.Instance);

        await keeper.StartAsync(default).Soon();
        (await guard.PutAsync(Entry("a"), default).Soon()).ShouldBe(StoreWrite.Deferred);
        (guard.IsOpen, guard.Fault).ShouldBe((false, "down"));

        Store.OnOpen = () => Task.CompletedTask;
        await StoreParts.Until(() =>
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            return guard.IsOpen && guard.QueuedEntries == 0;
        });
        Store.Held.Count.ShouldBe(1);
        await keeper.StopAsync(default).Soon();
    }

    [Fact]
    public async Task Start_WrongConfiguration_FailsTheStart()
    {
        Store.OnOpen = () => throw new StoreException("not a database", isTransient: false);
        using var keeper = new StoreKeeper(StoreParts.Guard(Store, Clock), Clock, NullLogger<StoreKeeper>.Instance);

        (await Should.ThrowAsync<StoreException>(keeper.StartAsync(default).Soon())).Message.ShouldBe("not a database");
    }

    [Fact]
    public async Task Start_StoreHangs_StartsAfterItsPatience()
    {
        Store.OnOpen = () => new TaskCompletionSource().Task;
        var guard = StoreParts.Guard(Store, Clock);
        using var keeper = new StoreKeeper(guard, Clock, NullLogger<StoreKeeper>.Instance);

        var start = keeper.StartAsync(default).Soon();
        Clock.Advance(StoreKeeper.OpenPatience);

        await start;
        guard.IsOpen.ShouldBeFalse();
    }

    [Fact]
    public async Task Fault_WithoutFurtherTraffic_IsRecoveredFromByItself()
    {
        var guard = StoreParts.Guard(Store, Clock);
        using var keeper = new StoreKeeper(guard, Clock, NullLogger<StoreKeeper>.Instance);
        await keeper.StartAsync(default).Soon();
        await OpenWriteBreakerAsync(guard);

        Store.OnPut = _ => Task.CompletedTask;
        await StoreParts.Until(() =>
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            return guard.IsWritable && guard.QueuedEntries == 0;
        });

        await keeper.StopAsync(default).Soon();
    }

    [Fact]
    public async Task Stop_EntriesInTheQueue_AreWritten()
    {
        var guard = StoreParts.Guard(Store, Clock);
        using var keeper = new StoreKeeper(guard, Clock, NullLogger<StoreKeeper>.Instance);
        await keeper.StartAsync(default).Soon();
        await OpenWriteBreakerAsync(guard);
        Store.OnPut = _ => Task.CompletedTask;

        await keeper.StopAsync(default).Soon();

        guard.QueuedEntries.ShouldBe(0);
    }

    [Fact]
    public async Task Sweeper_FullBatches_GoesOnWithPausesUntilNoneIsLeft()
    {
        var left = 1200;
        var calls = 0;
        Store.OnSweep = batch =>
        {
            Interlocked.Increment(ref calls);
            var now = Math.Min(batch, left);
            left -= now;
            return now;
        };
        var guard = await OpenAsync();
        using var sweeper = new StoreSweeper(
            Store, guard, Options.Create(new StoreOptions()), StoreParts.Metrics(), Clock, NullLogger<StoreSweeper>.Instance);
        await sweeper.StartAsync(default).Soon();

        await StoreParts.Until(() =>
        {
            Clock.Advance(TimeSpan.FromSeconds(10));
            return Volatile.Read(ref calls) >= 3;
        });

        left.ShouldBe(0);
        await sweeper.StopAsync(default).Soon();
    }
}
