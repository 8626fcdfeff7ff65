namespace OrleansCache.Core.Upstream;

/// <summary>What a provider answered. Dispose it to give the connection back (or cut it, when the stream has not ended).</summary>
public sealed class UpstreamAnswer : IAsyncDisposable
{
    private readonly Func<ValueTask>? _dispose;

    /// <summary>An answer that is whole.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="body">The body's bytes, untouched.</param>
    /// <param name="contentType">Media type as the provider wrote it.</param>
    /// <param name="headers">Headers worth handing on (<c>retry-after</c>, <c>x-request-id</c>, <c>x-ratelimit-*</c>, <c>openai-*</c>), lower-case names.</param>
    public UpstreamAnswer(
        int status, ReadOnlyMemory<byte> body, string contentType, IReadOnlyList<KeyValuePair<string, string>>? headers = null)
    {
        Status = status;
        Body = body;
        ContentType = contentType;
        Headers = headers ?? [];
    }

    /// <summary>An answer that streams.</summary>
    /// <param name="status">HTTP status, 2xx.</param>
    /// <param name="events">
    /// The data of each SSE event as it arrives, in memory of its own; the closing <c>[DONE]</c> is not among them. Throws
    /// <see cref="UpstreamException"/> when the stream breaks off or a deadline passes.
    /// </param>
    /// <param name="sawDone">Asked after the events have ended: whether the stream ended with <c>[DONE]</c>.</param>
    /// <param name="headers">Headers worth handing on, lower-case names.</param>
    /// <param name="dispose">Frees what lies under the events.</param>
    public UpstreamAnswer(
        int status,
        IAsyncEnumerable<ReadOnlyMemory<byte>> events,
        Func<bool> sawDone,
        IReadOnlyList<KeyValuePair<string, string>>? headers = null,
        Func<ValueTask>? dispose = null)
    {
        Status = status;
        Events = events;
        SawDone = sawDone;
        ContentType = "text/event-stream";
        Headers = headers ?? [];
        _dispose = dispose;
    }

    /// <summary>HTTP status.</summary>
    public int Status { get; }

    /// <summary>Media type.</summary>
    public string ContentType { get; }

    /// <summary>Headers worth handing on, lower-case names.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    /// <summary>The whole body when <see cref="Events"/> is null.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The events of a stream, once; null for a whole answer.</summary>
    public IAsyncEnumerable<ReadOnlyMemory<byte>>? Events { get; }

    /// <summary>After the events have ended: whether the last was <c>[DONE]</c>.</summary>
    public Func<bool> SawDone { get; } = static () => true;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _dispose?.Invoke() ?? ValueTask.CompletedTask;
}
