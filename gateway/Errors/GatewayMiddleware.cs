using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrleansCache.Gateway.Answers;
using OrleansCache.Gateway.Requests;

namespace OrleansCache.Gateway.Errors;

/// <summary>Stands around everything: gives each request its id and turns what nobody caught into a plain 500.</summary>
internal sealed class GatewayMiddleware(RequestDelegate next, ILogger<GatewayMiddleware> logger)
{
    public Task InvokeAsync(HttpContext http)
    {
        var id = RequestIds.Of(http.Request.Headers);
        http.TraceIdentifier = id;
        http.Response.Headers[RequestIds.Header] = id;
        Task walk;
        try
        {
            walk = next(http);
        }
        catch (Exception e) when (e is not StreamBrokenException)
        {
            return FailAsync(http, e);
        }

        return walk.IsCompletedSuccessfully ? walk : AwaitedAsync(http, walk);
    }

    private async Task AwaitedAsync(HttpContext http, Task walk)
    {
        try
        {
            await walk;
        }
        catch (Exception e) when (e is not StreamBrokenException)
        {
            await FailAsync(http, e);
        }
    }

    private Task FailAsync(HttpContext http, Exception exception)
    {
        if (exception is ClientLeftException || (http.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException))
            return Task.CompletedTask;
        Log.RequestFailed(logger, http.TraceIdentifier, exception.GetType().FullName!, exception.StackTrace);
        if (!http.Response.HasStarted) ForgetAnswer(http.Response.Headers, http.TraceIdentifier);
        return ErrorWriter.WriteAsync(http, Refusals.Internal);
    }

    // They tell of an answer that did not come.
    private static void ForgetAnswer(IHeaderDictionary headers, string id)
    {
        headers.Clear();
        headers[RequestIds.Header] = id;
    }
}
