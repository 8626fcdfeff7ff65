using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace OrleansCache.Core.Upstream.Recording;

/// <summary>
/// Answers from a recording. Of several answers to one request the last success counts, else the last; one of the form that was asked for
/// (plain or stream) is preferred.
/// </summary>
internal sealed class ReplayUpstream : IUpstream
{
    private readonly Dictionary<(string Identity, bool Stream), RecordedAnswer> _recordings = [];
    private readonly List<string> _models;
    private readonly string _path;
    private readonly bool _timing;
    private readonly TimeProvider _clock;

    public ReplayUpstream(string path, bool timing, List<string> models, TimeProvider clock, ILogger logger)
    {
        (_path, _timing, _models, _clock) = (Path.GetFileName(path), timing, models, clock);
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line)) Add(line, number, logger);
        }
    }

    public Task<UpstreamAnswer> CallAsync(UpstreamRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var body = UpstreamJson.TryParse(request.Body);
        var identity = body is null ? "" : RequestIdentity.Compute(UpstreamJson.PathOf(request.Endpoint), body.RootElement);
        if (!_recordings.TryGetValue((identity, request.Stream), out var found)
            && !_recordings.TryGetValue((identity, !request.Stream), out found)) return Task.FromResult(Miss());
        if (found.Body is { } whole) return Task.FromResult(new UpstreamAnswer(found.Status, whole, found.ContentType, found.Headers));
        var ended = false;
        return Task.FromResult(new UpstreamAnswer(
            found.Status, PlayAsync(found, () => ended = true, cancellationToken, CancellationToken.None), () => ended && found.Done, found.Headers));
    }

    public Task<UpstreamAnswer> ListModelsAsync(CancellationToken cancellationToken)
    {
        var body = UpstreamJson.Render(json =>
        {
            json.WriteStartObject();
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            foreach (var model in _models.Where(m => !m.EndsWith('*')))
            {
                json.WriteStartObject();
                json.WriteString("id", model);
                json.WriteString("object", "model");
                json.WriteNumber("created", 0);
                json.WriteString("owned_by", "replay");
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
        return Task.FromResult(new UpstreamAnswer(200, body, UpstreamJson.ContentType));
    }

    private void Add(string line, int number, ILogger logger)
    {
        try
        {
            var recording = RecordedAnswer.Read(System.Text.Encoding.UTF8.GetBytes(line));
            var key = (recording.Identity, recording.Body is null);
            if (recording.Status < 400 || !_recordings.TryGetValue(key, out var known) || known.Status >= 400) _recordings[key] = recording;
        }
        catch (FormatException e)
        {
            UpstreamLog.LineSkipped(logger, _path, number, e.Message);
        }
    }

    private UpstreamAnswer Miss() => UpstreamJson.Error(
        404,
        $"The recording '{_path}' holds no answer to this request. To record one, send the request once through an upstream of kind openai "
        + "with its setting RecordTo set to that file.",
        "invalid_request_error",
        "replay_miss");

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> PlayAsync(
        RecordedAnswer recording, Action end, CancellationToken caller, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(caller, cancellationToken);
        foreach (var item in recording.Events)
        {
            if (_timing && item.Delay > TimeSpan.Zero) await Task.Delay(item.Delay, _clock, both.Token);
            both.Token.ThrowIfCancellationRequested();
            yield return item.Data;
        }

        end();
    }
}
