using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Gateway.Tests.Answers;

/// <summary>A flight's parts, pushed by the test.</summary>
internal sealed class LivePartsSource
{
    private readonly Channel<StreamPart> _parts = Channel.CreateUnbounded<StreamPart>();
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the reader is gone before the end.</summary>
    public Task Left => _left.Task;

    public PromptAnswer Answer(CacheSource source = CacheSource.Miss) => new()
    {
        Source = source,
        Parts = ReadAsync(),
        UpstreamTime = TimeSpan.FromMilliseconds(5),
    };

    public LivePartsSource Push(string json, bool usageOnly = false)
    {
        _parts.Writer.TryWrite(new StreamPart(Encoding.UTF8.GetBytes(json), usageOnly)).ShouldBeTrue();
        return this;
    }

    public void End(Exception? fault = null) => _parts.Writer.TryComplete(fault);

    private async IAsyncEnumerable<StreamPart> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            while (await _parts.Reader.WaitToReadAsync(cancellationToken))
                while (_parts.Reader.TryRead(out var part)) yield return part;
        }
        finally
        {
            if (!_parts.Reader.Completion.IsCompleted) _left.TrySetResult();
        }
    }
}
