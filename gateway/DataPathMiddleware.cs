using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansCache.Core.Keys;
using OrleansCache.Gateway.Requests;

namespace OrleansCache.Gateway;

/// <summary>
/// Sends data requests straight to the walk. Routing would find them too, at a twentieth of the cost of a hit; what is not spelt
/// exactly as the path, or not posted, is left to it.
/// </summary>
internal sealed class DataPathMiddleware(RequestDelegate next, IServiceProvider services)
{
    private static readonly (string Path, PromptEndpoint Endpoint)[] Paths =
        [.. Enum.GetValues<PromptEndpoint>().Select(static endpoint => (EndpointNames.Path(endpoint), endpoint))];

    // Resolved with the first request: what it needs may not be built before the settings have been checked.
    private PromptWalk? _walk;

    public Task InvokeAsync(HttpContext http)
    {
        if (HttpMethods.IsPost(http.Request.Method))
        {
            var asked = http.Request.Path.Value;
            foreach (var (path, endpoint) in Paths)
            {
                if (path == asked)
                    return (_walk ??= services.GetRequiredService<PromptWalk>()).HandleAsync(http, endpoint);
            }
        }

        return next(http);
    }
}
