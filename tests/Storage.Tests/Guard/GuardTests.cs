using OrleansCache.Core.Prompts;
using OrleansCache.Core.Storage;
using OrleansCache.Core.Storage.Guard;
using OrleansCache.Testing;

namespace OrleansCache.Storage.Tests.Guard;

/// <summary>A guard, opened, before a store in memory.</summary>
public abstract class GuardTests
{
    protected ManualClock Clock { get; } = new();

    private protected ScriptedStore Store { get; } = new();

    private protected async Task<GuardedStore> OpenAsync(Action<StoreOptions>? configure = null)
    {
        var guard = StoreParts.Guard(Store, Clock, configure);
        await guard.OpenAsync(default);
        return guard;
    }

    private protected StoredCompletion Entry(string name, string body = "{}") => Entries.Make(Clock, Entries.Key(name), body, request: "");

    private protected async Task OpenWriteBreakerAsync(GuardedStore guard)
    {
        Store.OnPut = _ => throw ScriptedStore.Down();
        for (var i = 0; i < GuardPipelines.MinimumCalls; i++) await guard.PutAsync(Entry($"breaker {i}"), default).Soon();
        guard.IsWritable.ShouldBeFalse();
    }
}
