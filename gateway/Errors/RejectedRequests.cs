using System.Buffers;
using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Hosting;
using OrleansCache.Gateway.Requests;

namespace OrleansCache.Gateway.Errors;

/// <summary>
/// Gives the requests that the server rejects before any code of ours sees them (headers too large, not HTTP) a body in OpenAI's
/// shape. The server announces them as a diagnostic event and has no other way to shape their answer, so it is written to the connection.
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
            || features.Get<IBadRequestExceptionFeature>()?.Error is not BadHttpRequestException fault
            || features.Get<IHttpResponseFeature>() is not { HasStarted: false }
            || features.Get<IConnectionTransportFeature>()?.Transport.Output is not { } output)
            return;
        var refusal = Refusals.Rejected(fault.StatusCode);
        var head = $"HTTP/1.1 {refusal.Status} {ReasonPhrases.GetReasonPhrase(refusal.Status)}\r\ncontent-type: {refusal.ContentType}\r\n"
            + $"content-length: {refusal.Body.Length}\r\nconnection: close\r\n{RequestIds.Header}: {RequestIds.Of(new HeaderDictionary())}\r\n\r\n";
        Encoding.ASCII.GetBytes(head, output);
        output.Write(refusal.Body.Span);
        // Closes the way for the server's own, empty answer; what has been written still goes out.
        output.Complete();
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose() => _subscription?.Dispose();
}
