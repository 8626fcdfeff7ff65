using OrleansCache.Standalone.Tests.Harness;

namespace OrleansCache.Standalone.Tests.Clients;

/// <summary>Notes where the last answer came from; the client shows no headers of a stream.</summary>
internal sealed class SourceRecorder() : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
{
    public string Source { get; private set; } = "";

    // The client's pipeline calls it for plain requests.
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Note(base.Send(request, cancellationToken));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Note(await base.SendAsync(request, cancellationToken));

    private HttpResponseMessage Note(HttpResponseMessage response)
    {
        Source = Received.Header(response, "x-cache");
        return response;
    }
}
