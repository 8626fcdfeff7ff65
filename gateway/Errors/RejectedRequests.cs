using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using OrleansCache.Gateway.Requests;

namespace OrleansCache.Gateway.Errors;

/// <summary>
/// Gives the requests that the server rejects before any code of ours sees them (headers too large, not HTTP) a body in OpenAI's
/// shape. The server announces them as a diagnostic event, with the response still open.
/// </summary>
internal sealed class RejectedRequests(DiagnosticListener diagnostics) : IHostedService, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private const string Event = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    private IDisposable? _subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = diagnostics.Subscribe(this, static name => name == Event);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value is not { Key: Event, Value: IFeatureCollection features }
            || features.Get<IHttpResponseFeature>() is not { HasStarted: false } response
            || features.Get<IHttpResponseBodyFeature>() is not { } body)
            return;
        var refusal = Refusals.Rejected(response.StatusCode);
        response.Headers.ContentType = refusal.ContentType;
        response.Headers.ContentLength = refusal.Body.Length;
        response.Headers[RequestIds.Header] = RequestIds.Of(new HeaderDictionary());
        refusal.Body.Span.CopyTo(body.Writer.GetSpan(refusal.Body.Length));
        body.Writer.Advance(refusal.Body.Length);
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose() => _subscription?.Dispose();
}
