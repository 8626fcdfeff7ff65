using System.Diagnostics.CodeAnalysis;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Core.Storage.Guard;

/// <summary>
/// Every write that is not known to be committed, by key: those in progress and those in the retry queue. It only keeps the
/// books; <see cref="GuardedStore"/> does the writing. Because a key has one slot and one run, an older value can never be
/// written after a newer one, and a purge finds whatever could still come to the store.
/// </summary>
internal sealed class PendingWrites(long capacityBytes)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PromptKey, PendingWrite> _writes = [];
    private readonly Queue<PendingWrite> _line = [];
    private volatile int _count;
    private int _deferred;
    private long _bytes;

    /// <summary>Entries in the retry queue.</summary>
    public int Deferred => Volatile.Read(ref _deferred);

    /// <summary>Bytes in the retry queue.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Writes in progress and in the queue.</summary>
    public int Count => _count;

    /// <summary>Whether something is still to be written for the prompt; the entry is null when it is to be deleted.</summary>
    public bool TryGet(in PromptKey key, out StoredCompletion? entry, out bool deferred)
    {
        (entry, deferred) = (null, false);
        if (_count == 0) return false;
        lock (_gate)
        {
            if (!_writes.TryGetValue(key, out var write)) return false;
            (entry, deferred) = (write.Entry, write.Deferred);
            return true;
        }
    }

    /// <summary>
    /// Takes a new value. <paramref name="run"/> tells the caller to start the run of this key, which ends with <paramref name="end"/>.
    /// </summary>
    public PendingWrite Start(StoredCompletion entry, out bool run, out Task<RunEnd> end)
    {
        lock (_gate)
        {
            var write = Replace(entry);
            run = !write.Running;
            if (run) BeginRun(write);
            end = write.End.Task;
            return write;
        }
    }

    /// <summary>Takes a new value without trying to write it.</summary>
    public StoreWrite Enqueue(StoredCompletion entry)
    {
        lock (_gate)
        {
            var older = _writes.TryGetValue(entry.Key, out var known) ? known.Counted : 0;
            if (_bytes - older + SizeOf(entry) > capacityBytes) return StoreWrite.Dropped;
            return Defer(Replace(entry)) ? StoreWrite.Deferred : StoreWrite.Dropped;
        }
    }

    /// <summary>The deadline of a caller has passed while its value is being written.</summary>
    public StoreWrite Abandon(PendingWrite write)
    {
        lock (_gate)
        {
            if (!IsCurrent(write)) return write.End.Task.IsCompletedSuccessfully ? Known(write) : StoreWrite.Deferred;
            if (write.Deferred || Defer(write)) return StoreWrite.Deferred;
            write.GivenUp = true;
            return StoreWrite.Dropped;
        }
    }

    /// <summary>What a run has to write next.</summary>
    public StoredCompletion? Next(PendingWrite write)
    {
        lock (_gate) return write.Entry;
    }

    /// <summary>
    /// A run has written, or failed to write, <paramref name="written"/>. Returns null when a newer value came meanwhile and the run
    /// must go on with it.
    /// </summary>
    public StoreWrite? Settle(PendingWrite write, StoredCompletion? written, Exception? fault)
    {
        lock (_gate)
        {
            var transient = fault is not (null or StoreException { IsTransient: false });
            var superseded = !ReferenceEquals(write.Entry, written);
            if (superseded && !transient) return null;
            write.Running = false;
            var outcome = !transient ? fault is null ? StoreWrite.Stored : StoreWrite.Dropped
                : !write.GivenUp && Defer(write) ? StoreWrite.Deferred : StoreWrite.Dropped;
            if (outcome != StoreWrite.Deferred) Remove(write);
            write.End.SetResult(new RunEnd(outcome, transient ? fault : null));
            return outcome;
        }
    }

    /// <summary>Takes the first in line of the retry queue, to be run.</summary>
    public bool TryTake([NotNullWhen(true)] out PendingWrite? write)
    {
        lock (_gate)
        {
            while (_line.TryDequeue(out write))
            {
                write.InLine = false;
                if (!IsCurrent(write) || write.Running) continue;
                BeginRun(write);
                return true;
            }

            return false;
        }
    }

    /// <summary>Puts back what was taken but not run.</summary>
    public void PutBack(PendingWrite write)
    {
        lock (_gate)
        {
            write.Running = false;
            write.End.SetResult(new RunEnd(StoreWrite.Deferred));
            Join(write);
        }
    }

    /// <summary>
    /// Drops what the filter names. A value being written cannot be stopped: its slot stays, and the run deletes it afterwards.
    /// </summary>
    /// <returns>The runs that have something to delete.</returns>
    public List<Task> Purge(EntryFilter filter)
    {
        var runs = new List<Task>();
        lock (_gate)
        {
            foreach (var write in _writes.Values.Where(w => w.Entry is { } e && filter.Matches(w.Key, e.Completion)).ToList())
            {
                if (write.Running)
                {
                    write.Entry = null;
                    write.GivenUp = false;
                    Recount(write, 0);
                    runs.Add(write.End.Task);
                }
                else
                {
                    Remove(write);
                }
            }
        }

        return runs;
    }

    /// <summary>The runs in progress.</summary>
    public List<Task> Running()
    {
        lock (_gate) return [.. _writes.Values.Where(w => w.Running).Select(w => (Task)w.End.Task)];
    }

    public static long SizeOf(StoredCompletion? entry) => entry is null ? 0 : entry.Completion.Body.Length + entry.Request.Length;

    private static StoreWrite Known(PendingWrite write) => write.End.Task.GetAwaiter().GetResult().Outcome;

    private static void BeginRun(PendingWrite write)
    {
        write.Running = true;
        write.End = PendingWrite.NewEnd();
    }

    private PendingWrite Replace(StoredCompletion entry)
    {
        if (!_writes.TryGetValue(entry.Key, out var write))
        {
            write = new PendingWrite(entry.Key);
            _writes.Add(entry.Key, write);
            _count = _writes.Count;
        }

        write.Entry = entry;
        write.GivenUp = false;
        if (write.Deferred) Recount(write, SizeOf(entry));
        return write;
    }

    private bool Defer(PendingWrite write)
    {
        var size = SizeOf(write.Entry);
        if (_bytes - write.Counted + size > capacityBytes) return false;
        Recount(write, size);
        if (!write.Deferred)
        {
            write.Deferred = true;
            Volatile.Write(ref _deferred, _deferred + 1);
        }

        Join(write);
        return true;
    }

    private void Join(PendingWrite write)
    {
        if (write.InLine || write.Running) return;
        write.InLine = true;
        _line.Enqueue(write);
    }

    private void Remove(PendingWrite write)
    {
        _writes.Remove(write.Key);
        _count = _writes.Count;
        Recount(write, 0);
        if (!write.Deferred) return;
        write.Deferred = false;
        Volatile.Write(ref _deferred, _deferred - 1);
    }

    private void Recount(PendingWrite write, long bytes)
    {
        Volatile.Write(ref _bytes, _bytes - write.Counted + bytes);
        write.Counted = bytes;
    }

    private bool IsCurrent(PendingWrite write) => _writes.TryGetValue(write.Key, out var known) && ReferenceEquals(known, write);
}
