using OrleansCache.Core.Prompts;
using OrleansCache.Testing;

namespace OrleansCache.Behaviour.Tests;

/// <summary>Owners of one implementation, between an upstream, a store and a clock that the test holds in its hands.</summary>
public abstract class OwnerHarness : IAsyncDisposable
{
    /// <summary>Longer than anything here takes: a hang becomes a failure.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public ManualClock Clock { get; } = new();

    public ScriptedUpstream Upstream { get; } = new((_, _) => Task.FromResult(Answers.Plain()));

    public MemoryGuardedStore Store { get; } = new();

    public abstract IPromptOwners Owners { get; }

    /// <summary>A process that has just started over the same store.</summary>
    public abstract Task RestartAsync();

    /// <summary>Stops as a host does, with its time to stop.</summary>
    public abstract Task StopAsync(CancellationToken timeToStop);

    public abstract ValueTask DisposeAsync();

    public async Task<PromptAnswer> AskAsync(PromptRequest request, CancellationToken cancellationToken = default) =>
        await Owners.AskAsync(request, cancellationToken).AsTask().WaitAsync(Patience);

    /// <summary>Whether memory answers without the owner being asked.</summary>
    public bool HasLocal(PromptRequest request) =>
        Owners.TryGetFresh(request.Key, request.Directives, Clock.GetUtcNow().ToUnixTimeMilliseconds()) is not null;
}

/// <summary>Makes the harness of one implementation.</summary>
public interface IOwnerHarnessFactory
{
    OwnerHarness Create(CacheOptions options);
}
