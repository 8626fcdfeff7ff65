using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace OrleansCache.Core.Upstream.OpenAi;

/// <summary>The events of a streamed answer, and what lies under them.</summary>
internal sealed class EventStreamReader(AnswerStream stream, CallDeadlines deadlines, IDisposable response)
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1);
    private static readonly byte[] Done = "[DONE]"u8.ToArray();
    private int _disposed;

    public bool SawDone { get; private set; }

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var cut = cancellationToken.CanBeCanceled && cancellationToken != deadlines.Caller
            ? cancellationToken.UnsafeRegister(static state => ((CallDeadlines)state!).Cut(), deadlines)
            : default;
        await foreach (var item in SseParser.Create(stream, static (_, data) => Copy(data)).EnumerateAsync(cancellationToken))
        {
            if (ReferenceEquals(item.Data, Done))
            {
                SawDone = true;
                yield break;
            }

            if (item.Data.Length > 0) yield return item.Data;
        }

        SawDone = stream.Tail.IsDone;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        if (SawDone && !stream.Ended && !deadlines.Token.IsCancellationRequested)
        {
            var end = ReadEndAsync();
            if (!end.IsCompleted)
            {
                _ = CloseAfterAsync(end);
                return;
            }

            await end;
        }

        Close();
    }

    private static byte[] Copy(ReadOnlySpan<byte> data) => data.SequenceEqual(Done) ? Done : data.ToArray();

    // The end of the body follows [DONE] at once; reading it gives the connection back to the pool instead of cutting it.
    private async Task ReadEndAsync()
    {
        try
        {
            if (await stream.ReadAsync(new byte[64]) > 0) deadlines.Cut();
        }
        catch (Exception e) when (e is UpstreamException or OperationCanceledException)
        {
            // The answer is whole; only the connection is lost.
        }
    }

    private async Task CloseAfterAsync(Task end)
    {
        using var limit = new CancellationTokenSource(DrainTime);
        using (limit.Token.UnsafeRegister(static state => ((CallDeadlines)state!).Cut(), deadlines)) await end;
        Close();
    }

    private void Close()
    {
        if (!stream.Ended) deadlines.Cut();
        response.Dispose();
        deadlines.Dispose();
    }
}
