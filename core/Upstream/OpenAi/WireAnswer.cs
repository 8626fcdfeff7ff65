namespace OrleansCache.Core.Upstream.OpenAi;

/// <summary>
/// An answer as HTTP gave it, taken before the package sees it. The package would wrap the content of an event stream so that it
/// reconnects when it breaks off, which is a second call.
/// </summary>
internal sealed class WireAnswer : IDisposable
{
    private static readonly HttpRequestOptionsKey<WireAnswer> Option = new(nameof(WireAnswer));

    public HttpResponseMessage? Response { get; private set; }

    public HttpContent? Content { get; private set; }

    public void AttachTo(HttpRequestMessage request) => request.Options.Set(Option, this);

    public void Dispose()
    {
        Content?.Dispose();
        Response?.Dispose();
    }

    /// <summary>Fills the answer that is attached to the request.</summary>
    public sealed class Handler(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        /// <inheritdoc/>
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (request.Options.TryGetValue(Option, out var answer)) (answer.Response, answer.Content) = (response, response.Content);
            return response;
        }
    }
}
