using System.ClientModel;
using System.ClientModel.Primitives;
using OrleansCache.Core.Keys;

namespace OrleansCache.Core.Upstream.OpenAi;

/// <summary>
/// Any OpenAI-compatible API through the pipeline of the official package: bytes in, bytes out, so that no field is lost. One call of
/// this is one call on the wire; nothing is tried again here.
/// </summary>
internal sealed class OpenAiUpstream : IUpstream, IDisposable
{
    public const string DefaultBaseUrl = "https://api.openai.com/v1";

    private static readonly PipelineMessageClassifier Classifier = PipelineMessageClassifier.Create([200]);
    private readonly UpstreamOptions _options;
    private readonly TimeProvider _clock;
    private readonly UpstreamFaults _faults;
    private readonly HttpClient _http;
    private readonly UpstreamTransport _transport;
    private readonly ClientPipeline _pipeline;
    private readonly Uri[] _endpoints;
    private readonly Uri _models;

    public OpenAiUpstream(UpstreamOptions options, string? apiKey, TimeProvider clock)
    {
        _options = options;
        _clock = clock;
        _faults = new UpstreamFaults(options);
        var baseUrl = new Uri(options.BaseUrl ?? DefaultBaseUrl);
        _http = UpstreamTransport.CreateClient(options, baseUrl);
        _transport = new UpstreamTransport(_http, apiKey is not null);
        _pipeline = OpenAiPipeline.Create(options, baseUrl, apiKey, _transport);
        _endpoints = [baseUrl, At("chat/completions"), At("completions"), At("embeddings")];
        _models = At("models");

        Uri At(string path)
        {
            var url = new UriBuilder(baseUrl);
            url.Path = url.Path.TrimEnd('/') + "/" + path;
            return url.Uri;
        }
    }

    public Task<UpstreamAnswer> CallAsync(UpstreamRequest request, CancellationToken cancellationToken)
    {
        var body = request.Stream && _options.RequestUsage && request.Endpoint != PromptEndpoint.Embeddings
            ? StreamOptionsRewriter.WithUsage(request.Body)
            : request.Body;
        var message = _pipeline.CreateMessage(_endpoints[(int)request.Endpoint], "POST", Classifier);
        message.Request.Headers.Set("Content-Type", "application/json");
        message.Request.Headers.Set("Accept", request.Stream ? "text/event-stream, application/json" : "application/json");
        message.Request.Content = BinaryContent.Create(BinaryData.FromBytes(body));
        return SendAsync(message, request.Stream, cancellationToken);
    }

    public Task<UpstreamAnswer> ListModelsAsync(CancellationToken cancellationToken)
    {
        var message = _pipeline.CreateMessage(_models, "GET", Classifier);
        message.Request.Headers.Set("Accept", "application/json");
        return SendAsync(message, stream: false, cancellationToken);
    }

    public void Dispose()
    {
        _transport.Dispose();
        _http.Dispose();
    }

    private async Task<UpstreamAnswer> SendAsync(PipelineMessage message, bool stream, CancellationToken cancellationToken)
    {
        var deadlines = new CallDeadlines(_options, _clock, cancellationToken);
        var handedOn = false;
        var wire = new WireAnswer();
        try
        {
            message.SetProperty(typeof(WireAnswer), wire);
            message.Apply(new RequestOptions
            {
                BufferResponse = false,
                ErrorOptions = ClientErrorBehaviors.NoThrow,
                CancellationToken = deadlines.Token,
            });
            await _pipeline.SendAsync(message);
            deadlines.EnterBody();
            var answer = await ReadAsync(wire, deadlines, stream);
            handedOn = answer.Events is not null;
            if (handedOn) message.ExtractResponse();
            return answer;
        }
        catch (Exception e) when (e is not UpstreamException)
        {
            throw _faults.Translate(e, deadlines);
        }
        finally
        {
            message.Dispose();
            if (!handedOn)
            {
                wire.Dispose();
                deadlines.Dispose();
            }
        }
    }

    private async ValueTask<UpstreamAnswer> ReadAsync(WireAnswer wire, CallDeadlines deadlines, bool stream)
    {
        var (response, content) = (wire.Response!, wire.Content!);
        var status = (int)response.StatusCode;
        if (status is >= 300 and < 400) throw _faults.Redirected(status);
        var headers = AnswerHeaders.Select(response.Headers);
        var contentType = content.Headers.NonValidated.TryGetValues("Content-Type", out var values) ? values.ToString() : "";
        var length = content.Headers.ContentLength;
        if (length > _options.MaxAnswerBytes) throw _faults.TooLarge();
        var bytes = new AnswerStream(
            await content.ReadAsStreamAsync(deadlines.Token), deadlines, _faults, _options.MaxAnswerBytes);
        if (!response.IsSuccessStatusCode || !IsEventStream(contentType, stream))
            return new UpstreamAnswer(status, await BodyReader.ReadAsync(bytes, length), contentType, headers);
        var events = new EventStreamReader(bytes, deadlines, wire);
        return new UpstreamAnswer(status, events.ReadAsync(), () => events.SawDone, headers, events.DisposeAsync);
    }

    private static bool IsEventStream(string contentType, bool asked) =>
        contentType.Length == 0 ? asked : contentType.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase);
}
