using Microsoft.AspNetCore.Http;
using OrleansCache.Core.Storage;
using OrleansCache.Gateway.Hosting;

namespace OrleansCache.Gateway.Health;

/// <summary>
/// Liveness looks at the process alone. Readiness falls when the process stops; a store that is away leaves it up, because requests
/// are answered all the same, and says so.
/// </summary>
internal sealed class HealthEndpoints(Draining draining, IStoreHealth? store = null)
{
    public static Task LiveAsync(HttpContext http) => WriteAsync(http, StatusCodes.Status200OK, """{"status":"live"}"""u8.ToArray());

    public async Task ReadyAsync(HttpContext http)
    {
        if (draining.IsStopping)
        {
            await WriteAsync(http, StatusCodes.Status503ServiceUnavailable, """{"status":"stopping"}"""u8.ToArray());
            return;
        }

        var available = store is null or { IsReadable: true, IsWritable: true };
        await WriteAsync(
            http,
            StatusCodes.Status200OK,
            available ? """{"status":"ready","store":"ok"}"""u8.ToArray() : """{"status":"ready","store":"degraded"}"""u8.ToArray());
    }

    private static Task WriteAsync(HttpContext http, int status, byte[] body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.Body.WriteAsync(body).AsTask();
    }
}
