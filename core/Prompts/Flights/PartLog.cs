namespace OrleansCache.Core.Prompts.Flights;

/// <summary>
/// The parts of one streamed answer, in order: one writer, any number of readers that each start at the beginning. A reader that
/// falls behind holds up nobody; a reader that is level waits for one shared signal.
/// </summary>
internal sealed class PartLog
{
    private readonly Lock _gate = new();
    private readonly List<StreamPart> _parts = [];
    private TaskCompletionSource? _signal;
    private bool _closed;

    public void Append(StreamPart part)
    {
        TaskCompletionSource? signal;
        lock (_gate)
        {
            _parts.Add(part);
            signal = _signal;
            _signal = null;
        }

        signal?.TrySetResult();
    }

    /// <summary>No more parts come.</summary>
    public void Close()
    {
        TaskCompletionSource? signal;
        lock (_gate)
        {
            _closed = true;
            signal = _signal;
        }

        signal?.TrySetResult();
    }

    public bool TryRead(int index, out StreamPart part)
    {
        lock (_gate)
        {
            var there = index < _parts.Count;
            part = there ? _parts[index] : default;
            return there;
        }
    }

    /// <summary>Completes when there is a part at the index, or when there never will be.</summary>
    public Task WaitAsync(int index)
    {
        lock (_gate)
        {
            if (_closed || index < _parts.Count) return Task.CompletedTask;
            _signal ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _signal.Task;
        }
    }

    /// <summary>Whether every part up to the index has been read and no more come.</summary>
    public bool IsAtEnd(int index)
    {
        lock (_gate) return _closed && index >= _parts.Count;
    }
}
