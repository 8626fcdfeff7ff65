using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Core.Storage.Guard;

/// <summary>What is still to be written for one prompt. Its members belong to the lock of <see cref="PendingWrites"/>.</summary>
internal sealed class PendingWrite(PromptKey key)
{
    public PromptKey Key { get; } = key;

    /// <summary>The newest value; null when the prompt was purged while a write ran: what that write leaves behind must go.</summary>
    public StoredCompletion? Entry { get; set; }

    /// <summary>Whether a run is writing it. There is never more than one run for a key.</summary>
    public bool Running { get; set; }

    /// <summary>Whether it outlives its callers: it is counted in the queue and retried until written.</summary>
    public bool Deferred { get; set; }

    /// <summary>Whether its caller was told that it is dropped: a run in progress may still succeed, but is not retried.</summary>
    public bool GivenUp { get; set; }

    /// <summary>Whether it stands in the line of the retry queue.</summary>
    public bool InLine { get; set; }

    /// <summary>Bytes counted against the bound of the queue.</summary>
    public long Counted { get; set; }

    /// <summary>The end of the current run.</summary>
    public TaskCompletionSource<RunEnd> End { get; set; } = NewEnd();

    public static TaskCompletionSource<RunEnd> NewEnd() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>How a run ended.</summary>
/// <param name="Outcome">What became of the entry.</param>
/// <param name="Fault">Why the store could not write it; null when it could, or when the fault lay in the entry.</param>
internal readonly record struct RunEnd(StoreWrite Outcome, Exception? Fault = null);
