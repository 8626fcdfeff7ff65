using OrleansCache.Core.Keys;

namespace OrleansCache.Core.Prompts;

/// <summary>
/// The seam between gateway and owners. Two implementations: in-process objects (standalone) and Orleans grains (cluster);
/// one behaviour suite runs against both.
/// </summary>
public interface IPromptOwners
{
    /// <summary>
    /// A completion that this process can serve at once: fresh and no older than the caller accepts. Never waits, never allocates.
    /// </summary>
    /// <param name="key">The prompt.</param>
    /// <param name="directives">What the caller asked of the cache.</param>
    /// <param name="now">The time, in milliseconds since the Unix epoch.</param>
    /// <returns>The completion, or null when the owner has to be asked.</returns>
    Completion? TryGetFresh(in PromptKey key, CacheDirectives directives, long now);

    /// <summary>Asks the prompt's owner. Faults of upstream and store come back as a <see cref="Refusal"/> or in the parts, not as exceptions.</summary>
    /// <param name="request">What is asked; its body is borrowed until the call returns.</param>
    /// <param name="cancellationToken">Cancelled when the caller has left: the flight goes on if others wait for it.</param>
    /// <exception cref="OperationCanceledException">The caller has left.</exception>
    ValueTask<PromptAnswer> AskAsync(PromptRequest request, CancellationToken cancellationToken);

    /// <summary>Gives the owner an answer that was not asked for through it (warming). Judged by the same gate.</summary>
    /// <param name="request">The request that the body answers.</param>
    /// <param name="body">The plain JSON answer; copied.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Null when it was stored, else the gate's reason.</returns>
    ValueTask<string?> PutAsync(PromptRequest request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);

    /// <summary>Drops completions from every memory and from the store.</summary>
    /// <returns>How many prompts are gone from the store; what only memory held is not counted.</returns>
    ValueTask<long> PurgeAsync(EntryFilter filter, CancellationToken cancellationToken);

    /// <summary>What this process holds.</summary>
    MemoryUse Memory { get; }
}

/// <summary>Memory held by completions in this process.</summary>
/// <param name="Entries">Completions.</param>
/// <param name="Bytes">Their bytes, overhead included, as counted against the bound.</param>
/// <param name="CapacityBytes">The bound.</param>
/// <param name="Evictions">Completions dropped for room since the process started.</param>
/// <param name="Flights">Upstream calls in progress.</param>
/// <param name="Owners">Prompts that have an owner here: those with a completion or a flight.</param>
public readonly record struct MemoryUse(long Entries, long Bytes, long CapacityBytes, long Evictions, int Flights, int Owners);
