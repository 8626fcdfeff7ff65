using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using OrleansCache.Core.Upstream;

namespace OrleansCache.Testing;

/// <summary>A streamed answer that the test writes while it is being read.</summary>
public sealed class ScriptedStream
{
    private readonly Channel<ReadOnlyMemory<byte>> _events = Channel.CreateUnbounded<ReadOnlyMemory<byte>>();
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _sawDone;

    public ScriptedStream(int status = 200, params (string Name, string Value)[] headers) =>
        Answer = new UpstreamAnswer(
            status,
            ReadAsync(),
            () => _sawDone,
            [.. headers.Select(h => KeyValuePair.Create(h.Name, h.Value))],
            () =>
            {
                _disposed.TrySetResult();
                return ValueTask.CompletedTask;
            });

    /// <summary>What the upstream's handler returns. One answer: it can be read once.</summary>
    public UpstreamAnswer Answer { get; }

    /// <summary>Completes when the reader has disposed the answer.</summary>
    public Task Disposed => _disposed.Task;

    public ScriptedStream Push(string json)
    {
        if (!_events.Writer.TryWrite(Encoding.UTF8.GetBytes(json))) throw new InvalidOperationException("The stream has ended.");
        return this;
    }

    /// <summary>Ends the stream, with <c>[DONE]</c> unless told otherwise.</summary>
    public void Complete(bool done = true)
    {
        _sawDone = done;
        _events.Writer.TryComplete();
    }

    /// <summary>Breaks the stream off: the reader sees what was pushed, then the exception.</summary>
    public void Fail(Exception exception) => _events.Writer.TryComplete(exception);

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var data in _events.Reader.ReadAllAsync(cancellationToken)) yield return data;
    }
}
