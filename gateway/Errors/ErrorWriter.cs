using Microsoft.AspNetCore.Http;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Upstream;

namespace OrleansCache.Gateway.Errors;

/// <summary>Writes a refusal as the answer.</summary>
internal static class ErrorWriter
{
    public static Task WriteAsync(HttpContext http, Refusal refusal)
    {
        var response = http.Response;
        if (response.HasStarted)
        {
            http.Abort();
            return Task.CompletedTask;
        }

        response.StatusCode = refusal.Status;
        // What an upstream wrote: the server refuses the whole answer for one character that it does not take.
        response.ContentType = HeaderText.IsPlain(refusal.ContentType) ? refusal.ContentType : null;
        response.ContentLength = refusal.Body.Length;
        for (var i = 0; i < refusal.Headers.Count; i++) Add(response.Headers, refusal.Headers[i]);
        return HttpMethods.IsHead(http.Request.Method)
            ? Task.CompletedTask
            : response.BodyWriter.WriteAsync(refusal.Body, CancellationToken.None).AsTask();
    }

    // Our own id stays: callers look for it. The upstream's is worth having when its support is asked.
    private static void Add(IHeaderDictionary headers, KeyValuePair<string, string> header)
    {
        if (!HeaderText.IsPlain(header.Value)) return;
        if (header.Key.Equals("x-request-id", StringComparison.OrdinalIgnoreCase)) headers["x-upstream-request-id"] = header.Value;
        else headers[header.Key] = header.Value;
    }
}
