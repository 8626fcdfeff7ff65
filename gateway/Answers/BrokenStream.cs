using Microsoft.AspNetCore.Http;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Gateway.Answers;

/// <summary>Tells a client in the middle of a stream that no more will come: an error event, no <c>[DONE]</c>, no proper end.</summary>
internal static class BrokenStream
{
    /// <exception cref="StreamBrokenException">Always: the server ends the connection on it.</exception>
    public static async Task EndAsync(HttpContext http, Refusal refusal)
    {
        var sse = new SseWriter(http.Response.BodyWriter);
        sse.Write(refusal.Body.Span);
        await sse.FlushAsync(http.RequestAborted);
        throw new StreamBrokenException();
    }
}
