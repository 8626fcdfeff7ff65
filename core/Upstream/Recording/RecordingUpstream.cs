using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace OrleansCache.Core.Upstream.Recording;

/// <summary>Hands calls on and appends each answer that came whole to a file. A file that cannot be written never fails a call.</summary>
internal sealed class RecordingUpstream(IUpstream inner, RecordingFile file, string name, TimeProvider clock, ILogger logger) : IUpstream, IDisposable
{
    public async Task<UpstreamAnswer> CallAsync(UpstreamRequest request, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        var answer = await inner.CallAsync(request, cancellationToken);
        if (answer.Events is not null)
        {
            return new UpstreamAnswer(
                answer.Status, TapAsync(request, answer, start, CancellationToken.None), answer.SawDone, answer.Headers, answer.DisposeAsync);
        }

        Append(request, answer, []);
        return answer;
    }

    public Task<UpstreamAnswer> ListModelsAsync(CancellationToken cancellationToken) => inner.ListModelsAsync(cancellationToken);

    public void Dispose()
    {
        file.Dispose();
        (inner as IDisposable)?.Dispose();
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> TapAsync(
        UpstreamRequest request, UpstreamAnswer answer, long last, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<RecordedEvent> events = [];
        await foreach (var data in answer.Events!.WithCancellation(cancellationToken))
        {
            var now = clock.GetTimestamp();
            events.Add(new RecordedEvent(clock.GetElapsedTime(last, now), data));
            last = now;
            yield return data;
        }

        Append(request, answer, events);
    }

    private void Append(UpstreamRequest request, UpstreamAnswer answer, List<RecordedEvent> events)
    {
        try
        {
            using var body = UpstreamJson.TryParse(request.Body);
            if (body is not null) file.Append(RecordedAnswer.Write(request.Endpoint, body.RootElement, answer, events));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            UpstreamLog.NotRecorded(logger, name, e.GetType().FullName!, e.StackTrace);
        }
    }
}
