using OrleansCache.Core.Storage;
using OrleansCache.Core.Storage.Guard;

namespace OrleansCache.Storage.Tests.Guard;

public sealed class GuardedReadTests : GuardTests
{
    [Fact]
    public async Task Get_StoreHolds_IsReturned()
    {
        var guard = await OpenAsync();
        Store.Held[Entries.Key("a")] = Entry("a", "answer");

        (await guard.GetAsync(Entries.Key("a"), default).Soon()).Completion!.Text().ShouldBe("answer");
        (await guard.GetAsync(Entries.Key("b"), default).Soon()).ShouldBe(new StoreRead(null, Available: true));
    }

    [Fact]
    public async Task Get_StoreHangs_GivesUpAtTheDeadline()
    {
        var guard = await OpenAsync();
        Store.OnRead = () => new TaskCompletionSource().Task;

        var read = guard.GetAsync(Entries.Key("a"), default).Soon();
        Clock.Advance(new StoreOptions().ReadDeadline - TimeSpan.FromMilliseconds(1));
        read.IsCompleted.ShouldBeFalse();
        Clock.Advance(TimeSpan.FromMilliseconds(1));

        (await read).ShouldBe(new StoreRead(null, Available: false));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Get_StoreThrowsAnything_IsUnavailable(bool known)
    {
        var guard = await OpenAsync();
        Store.OnRead = () => throw (known ? ScriptedStore.Down() : new InvalidOperationException("bug"));

        (await guard.GetAsync(Entries.Key("a"), default).Soon()).ShouldBe(new StoreRead(null, Available: false));
    }

    [Fact]
    public async Task Get_CallerLeaves_Throws()
    {
        var guard = await OpenAsync();
        Store.OnRead = () => new TaskCompletionSource().Task;
        using var leaving = new CancellationTokenSource();

        var read = guard.GetAsync(Entries.Key("a"), leaving.Token).Soon();
        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(read);
    }

    [Fact]
    public async Task Breaker_RepeatedFaults_OpensAndLeavesTheStoreAloneThenCloses()
    {
        var guard = await OpenAsync();
        Store.OnRead = () => throw ScriptedStore.Down();
        for (var i = 0; i < GuardPipelines.MinimumCalls; i++) await guard.GetAsync(Entries.Key("a"), default).Soon();
        var calls = Store.Reads;

        for (var i = 0; i < 50; i++) (await guard.GetAsync(Entries.Key("a"), default).Soon()).Available.ShouldBeFalse();
        Store.Reads.ShouldBe(calls);
        (guard.IsReadable, guard.IsWritable, guard.Fault).ShouldBe((false, true, "down"));

        Clock.Advance(GuardPipelines.BreakDuration);
        (await guard.RecoverAsync(default).Soon()).ShouldBeFalse();
        Store.Reads.ShouldBe(calls + 1);
        Store.OnRead = () => Task.CompletedTask;
        Clock.Advance(GuardPipelines.BreakDuration);
        (await guard.RecoverAsync(default).Soon()).ShouldBeTrue();

        (guard.IsReadable, guard.Fault).ShouldBe((true, null));
        (await guard.GetAsync(Entries.Key("a"), default).Soon()).Available.ShouldBeTrue();
    }

    [Fact]
    public async Task Breaker_WritesFail_ReadsGoOn()
    {
        var guard = await OpenAsync();
        await OpenWriteBreakerAsync(guard);

        (await guard.GetAsync(Entries.Key("other"), default).Soon()).Available.ShouldBeTrue();
    }
}
