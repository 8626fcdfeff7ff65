using OrleansCache.Core.Prompts;
using OrleansCache.Core.Storage;
using OrleansCache.Core.Storage.Guard;

namespace OrleansCache.Storage.Tests.Guard;

public sealed class GuardedWriteTests : GuardTests
{
    private static readonly TimeSpan Deadline = new StoreOptions().WriteDeadline;

    [Fact]
    public async Task Put_StoreWorks_IsStored()
    {
        var guard = await OpenAsync();

        (await guard.PutAsync(Entry("a"), default).Soon()).ShouldBe(StoreWrite.Stored);

        Store.Held.ContainsKey(Entries.Key("a")).ShouldBeTrue();
        (guard.QueuedEntries, guard.QueuedBytes).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Put_DeadlinePassesWhileItIsWritten_IsDeferredAndLandsOnce()
    {
        var guard = await OpenAsync();
        var gate = new TaskCompletionSource();
        Store.OnPut = _ => gate.Task;

        var put = guard.PutAsync(Entry("a", "12345"), default).Soon();
        Clock.Advance(Deadline);

        (await put).ShouldBe(StoreWrite.Deferred);
        (guard.QueuedEntries, guard.QueuedBytes).ShouldBe((1, 5));
        var read = await guard.GetAsync(Entries.Key("a"), default).Soon();
        (read.Completion!.Text(), read.Available).ShouldBe(("12345", false));
        gate.SetResult();
        await StoreParts.Until(() => guard.QueuedEntries == 0);
        await guard.RecoverAsync(default).Soon();
        Store.Written.ShouldBe(["12345"]);
        guard.QueuedBytes.ShouldBe(0);
    }

    [Fact]
    public async Task Put_DeadlinePassesThenTheWriteFails_IsRetriedFromTheQueue()
    {
        var guard = await OpenAsync();
        var gate = new TaskCompletionSource();
        Store.OnPut = _ => gate.Task;
        var put = guard.PutAsync(Entry("a"), default).Soon();
        Clock.Advance(Deadline);
        (await put).ShouldBe(StoreWrite.Deferred);

        Store.OnPut = _ => Task.CompletedTask;
        gate.SetException(ScriptedStore.Down());
        await StoreParts.Until(() => guard.RecoverAsync(default).Soon().GetAwaiter().GetResult());

        Store.Held.ContainsKey(Entries.Key("a")).ShouldBeTrue();
    }

    [Fact]
    public async Task Put_NewerWhileTheOlderIsWritten_NewestIsWrittenLast()
    {
        var guard = await OpenAsync();
        var gate = new TaskCompletionSource();
        Store.OnPut = entry => entry.Completion.Text() == "1" ? gate.Task : Task.CompletedTask;

        var older = guard.PutAsync(Entry("a", "1"), default).Soon();
        var newer = guard.PutAsync(Entry("a", "2"), default).Soon();
        var newest = guard.PutAsync(Entry("a", "3"), default).Soon();
        (await guard.GetAsync(Entries.Key("a"), default).Soon()).Completion!.Text().ShouldBe("3");
        gate.SetResult();

        (await Task.WhenAll(older, newer, newest)).ShouldAllBe(w => w == StoreWrite.Stored);
        Store.Written.ShouldBe(["1", "3"]);
    }

    [Fact]
    public async Task Put_NewerWhileTheOlderTimedOut_NewestIsWrittenLast()
    {
        var guard = await OpenAsync();
        var gate = new TaskCompletionSource();
        Store.OnPut = entry => entry.Completion.Text() == "1" ? gate.Task : Task.CompletedTask;
        var older = guard.PutAsync(Entry("a", "1"), default).Soon();
        Clock.Advance(Deadline);
        (await older).ShouldBe(StoreWrite.Deferred);

        var newer = guard.PutAsync(Entry("a", "22"), default).Soon();
        guard.QueuedBytes.ShouldBe(2);
        gate.SetResult();

        (await newer).ShouldBe(StoreWrite.Stored);
        Store.Written.ShouldBe(["1", "22"]);
        (guard.QueuedEntries, guard.QueuedBytes).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Put_NewerWhileTheOlderWaitsInTheQueue_OnlyTheNewestIsWritten()
    {
        var guard = await OpenAsync();
        Store.OnPut = _ => throw ScriptedStore.Down();
        (await guard.PutAsync(Entry("a", "1"), default).Soon()).ShouldBe(StoreWrite.Deferred);

        Store.OnPut = _ => Task.CompletedTask;
        (await guard.PutAsync(Entry("a", "2"), default).Soon()).ShouldBe(StoreWrite.Stored);
        (await guard.RecoverAsync(default).Soon()).ShouldBeTrue();

        Store.Written.ShouldBe(["2"]);
        guard.QueuedEntries.ShouldBe(0);
    }

    [Fact]
    public async Task Put_CanNeverBeWritten_IsDroppedAndLeavesTheBreakerAlone()
    {
        var guard = await OpenAsync();
        Store.OnPut = _ => throw new StoreException("too large", isTransient: false);

        for (var i = 0; i < 20; i++) (await guard.PutAsync(Entry($"{i}"), default).Soon()).ShouldBe(StoreWrite.Dropped);

        guard.IsWritable.ShouldBeTrue();
        guard.QueuedEntries.ShouldBe(0);
    }

    [Fact]
    public async Task Put_QueueFull_IsDroppedAndTheBoundHolds()
    {
        var guard = await OpenAsync(o => o.RetryQueueBytes = 100);
        Store.OnPut = _ => throw ScriptedStore.Down();

        var outcomes = new List<StoreWrite>();
        for (var i = 0; i < 10; i++) outcomes.Add(await guard.PutAsync(Entry($"{i}", new string('x', 30)), default).Soon());

        outcomes.Count(o => o == StoreWrite.Deferred).ShouldBe(3);
        outcomes.Count(o => o == StoreWrite.Dropped).ShouldBe(7);
        (guard.QueuedEntries, guard.QueuedBytes).ShouldBe((3, 90));
    }

    [Fact]
    public async Task Put_BreakerOpen_IsDeferredWithoutACall()
    {
        var guard = await OpenAsync();
        await OpenWriteBreakerAsync(guard);
        var calls = Store.Puts;

        (await guard.PutAsync(Entry("later"), default).Soon()).ShouldBe(StoreWrite.Deferred);

        Store.Puts.ShouldBe(calls);
    }

    [Fact]
    public async Task Put_CallerLeaves_IsWrittenAllTheSame()
    {
        var guard = await OpenAsync();
        var gate = new TaskCompletionSource();
        Store.OnPut = _ => gate.Task;
        using var leaving = new CancellationTokenSource();
        var put = guard.PutAsync(Entry("a"), leaving.Token).Soon();

        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(put);
        gate.SetResult();

        (await guard.FlushAsync(default).Soon()).ShouldBe(0);
        Store.Held.ContainsKey(Entries.Key("a")).ShouldBeTrue();
    }

    [Fact]
    public async Task Recover_AfterTheFault_WritesTheWholeQueueAndClosesTheBreaker()
    {
        var guard = await OpenAsync();
        await OpenWriteBreakerAsync(guard);
        for (var i = 0; i < 200; i++) await guard.PutAsync(Entry($"{i}"), default).Soon();
        (await guard.RecoverAsync(default).Soon()).ShouldBeFalse();
        var queued = guard.QueuedEntries;

        Store.OnPut = _ => Task.CompletedTask;
        Clock.Advance(TimeSpan.FromSeconds(1));

        (await guard.RecoverAsync(default).Soon()).ShouldBeTrue();
        queued.ShouldBe(204);
        Store.Held.Count.ShouldBe(204);
        (guard.IsWritable, guard.QueuedEntries, guard.QueuedBytes, guard.Fault).ShouldBe((true, 0, 0, null));
    }

    [Fact]
    public async Task Recover_OneEntryStaysUnwritable_OthersPassIt()
    {
        var guard = await OpenAsync();
        Store.OnPut = _ => throw ScriptedStore.Down();
        foreach (var name in new[] { "stuck", "b", "c" }) await guard.PutAsync(Entry(name, name), default).Soon();

        Store.OnPut = entry => entry.Completion.Text() == "stuck" ? throw ScriptedStore.Down() : Task.CompletedTask;
        for (var i = 0; i < 2; i++)
        {
            await guard.RecoverAsync(default).Soon();
            Clock.Advance(GuardPipelines.BreakDuration);
        }

        Store.Written.ShouldBe(["b", "c"], ignoreOrder: true);
        guard.QueuedEntries.ShouldBe(1);
    }

    [Fact]
    public async Task Recover_EmptyQueueAndOpenBreaker_ProbesAndCloses()
    {
        var guard = await OpenAsync(o => o.RetryQueueBytes = 0);
        await OpenWriteBreakerAsync(guard);
        Clock.Advance(TimeSpan.FromSeconds(1));

        (await guard.RecoverAsync(default).Soon()).ShouldBeTrue();

        guard.IsWritable.ShouldBeTrue();
    }

    [Fact]
    public async Task Flush_StoreStaysDown_SaysHowManyAreLeft()
    {
        var guard = await OpenAsync();
        Store.OnPut = _ => throw ScriptedStore.Down();
        foreach (var name in new[] { "a", "b" }) await guard.PutAsync(Entry(name), default).Soon();
        using var stop = new CancellationTokenSource();

        var flush = guard.FlushAsync(stop.Token).Soon();
        await stop.CancelAsync();

        (await flush).ShouldBe(2);
    }

    [Fact]
    public async Task Put_NotOpenYet_IsDeferredAndWrittenOnceOpen()
    {
        var guard = StoreParts.Guard(Store, Clock);
        (await guard.PutAsync(Entry("a"), default).Soon()).ShouldBe(StoreWrite.Deferred);
        var read = await guard.GetAsync(Entries.Key("other"), default).Soon();
        (read.Available, guard.IsOpen, guard.Fault).ShouldBe((false, false, "not opened yet"));

        await guard.OpenAsync(default);
        (await guard.RecoverAsync(default).Soon()).ShouldBeTrue();

        Store.Held.Count.ShouldBe(1);
        guard.IsOpen.ShouldBeTrue();
    }

    [Fact]
    public async Task Purge_WhileTheValueIsWritten_ItDoesNotReappear()
    {
        var guard = await OpenAsync();
        var gate = new TaskCompletionSource();
        Store.OnPut = _ => gate.Task;
        var put = guard.PutAsync(Entry("a"), default).Soon();
        Clock.Advance(Deadline);
        await put;

        var purge = guard.PurgeAsync(new EntryFilter { Scope = "acme" }, default).Soon();
        (await guard.GetAsync(Entries.Key("a"), default).Soon()).Completion.ShouldBeNull();
        gate.SetResult();
        await purge;

        Store.Written.ShouldBe(["{}"]);
        Store.Held.ShouldBeEmpty();
        (guard.QueuedEntries, guard.QueuedBytes).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Purge_WhileTheValueIsWrittenAndTheStoreThenFails_IsRetriedUntilGone()
    {
        var guard = await OpenAsync();
        var gate = new TaskCompletionSource();
        Store.OnPut = _ => gate.Task;
        var put = guard.PutAsync(Entry("a"), default).Soon();
        Clock.Advance(Deadline);
        await put;
        Store.OnPurge = () => throw ScriptedStore.Down();
        await Should.ThrowAsync<StoreException>(guard.PurgeAsync(new EntryFilter(), default).Soon());
        gate.SetResult();
        await StoreParts.Until(() => !Store.Written.IsEmpty);

        (await guard.GetAsync(Entries.Key("a"), default).Soon()).Completion.ShouldBeNull();
        Store.OnPurge = () => Task.CompletedTask;
        (await guard.FlushAsync(default).Soon()).ShouldBe(0);

        Store.Held.ShouldBeEmpty();
    }

    [Fact]
    public async Task Purge_ValueInTheQueue_IsForgotten()
    {
        var guard = await OpenAsync();
        Store.OnPut = _ => throw ScriptedStore.Down();
        await guard.PutAsync(Entry("a"), default).Soon();
        await guard.PutAsync(Entry("b"), default).Soon();

        await guard.PurgeAsync(new EntryFilter { Key = Entries.Key("a") }, default).Soon();
        Store.OnPut = _ => Task.CompletedTask;
        await guard.FlushAsync(default).Soon();

        Store.Held.Keys.ShouldBe([Entries.Key("b")]);
    }

    [Fact]
    public async Task Purge_KeyAndTheStoreIsFrozen_GivesUpAtTheDeadline()
    {
        var guard = await OpenAsync();
        Store.OnPurge = () => new TaskCompletionSource().Task;

        var purge = guard.PurgeAsync(new EntryFilter { Key = Entries.Key("a") }, default).Soon();
        Clock.Advance(Deadline - TimeSpan.FromMilliseconds(1));
        purge.IsCompleted.ShouldBeFalse();
        Clock.Advance(TimeSpan.FromMilliseconds(1));

        var fault = await Should.ThrowAsync<StoreException>(purge);
        (fault.IsTransient, fault.Message).ShouldBe((true, "The store does not answer: the entry may still be in it; run the purge again."));
    }

    [Fact]
    public async Task Purge_KeyAndTheBreakerIsOpen_FailsWithoutACall()
    {
        var guard = await OpenAsync();
        await OpenWriteBreakerAsync(guard);
        var calls = 0;
        Store.OnPurge = () =>
        {
            calls++;
            return Task.CompletedTask;
        };

        var purge = guard.PurgeAsync(new EntryFilter { Key = Entries.Key("a") }, default).Soon();

        (await Should.ThrowAsync<StoreException>(purge)).IsTransient.ShouldBeTrue();
        calls.ShouldBe(0);
    }

    [Fact]
    public async Task Purge_ManyAndTheStoreFailsInBetween_SaysWhatBecameOfIt()
    {
        var guard = await OpenAsync();
        Store.OnPurge = () => throw ScriptedStore.Down();

        var purge = guard.PurgeAsync(new EntryFilter { Scope = "acme" }, default).Soon();

        (await Should.ThrowAsync<StoreException>(purge)).Message
            .ShouldBe("The purge did not finish (down): what was deleted is gone; run it again.");
    }

    [Fact]
    public async Task Purge_StoreNotOpen_SaysThatNothingWasPurged()
    {
        var guard = StoreParts.Guard(Store, Clock);

        (await Should.ThrowAsync<StoreException>(guard.PurgeAsync(new EntryFilter(), default).Soon())).IsTransient.ShouldBeTrue();
    }
}
