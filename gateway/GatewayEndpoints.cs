using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansCache.Core.Keys;
using OrleansCache.Gateway.Errors;
using OrleansCache.Gateway.Health;
using OrleansCache.Gateway.Models;
using OrleansCache.Gateway.Requests;

namespace OrleansCache.Gateway;

/// <summary>Puts the gateway into an application.</summary>
public static class GatewayEndpoints
{
    /// <summary>
    /// Gives requests their id, turns faults into OpenAI's shape, answers data requests, and routes the others. First in the pipeline.
    /// </summary>
    public static IApplicationBuilder UseGateway(this IApplicationBuilder app) =>
        app.UseMiddleware<GatewayMiddleware>().UseMiddleware<DataPathMiddleware>().UseRouting();

    /// <summary>Maps <c>/v1</c> and <c>/health</c>, and answers every other path with an error in OpenAI's shape.</summary>
    public static IEndpointRouteBuilder MapGateway(this IEndpointRouteBuilder routes)
    {
        foreach (var endpoint in Enum.GetValues<PromptEndpoint>())
            routes.MapOnly(HttpMethods.Post, EndpointNames.Path(endpoint), routes.Walk(endpoint));
        routes.MapOnly(HttpMethods.Get, "/v1/models", routes.With<ModelEndpoints>(static (models, http) => models.ListAsync(http)));
        routes.MapOnly(HttpMethods.Get, "/v1/models/{**id}", routes.With<ModelEndpoints>(static (models, http) => models.FindAsync(http)));
        routes.MapOnly(HttpMethods.Get, "/health/live", HealthEndpoints.LiveAsync);
        routes.MapOnly(HttpMethods.Get, "/health/ready", routes.With<HealthEndpoints>(static (health, http) => health.ReadyAsync(http)));
        routes.MapFallback("{**path}", static http => ErrorWriter.WriteAsync(http, Refusals.UnknownRoute(http.Request.Method)));
        return routes;
    }

    private static RequestDelegate Walk(this IEndpointRouteBuilder routes, PromptEndpoint endpoint) =>
        routes.With<PromptWalk>((walk, http) => walk.HandleAsync(http, endpoint));

    // Resolved with the first request: what it needs may not be built before the settings have been checked.
    private static RequestDelegate With<T>(this IEndpointRouteBuilder routes, Func<T, HttpContext, Task> handle)
        where T : class
    {
        T? handler = null;
        return http => handle(handler ??= routes.ServiceProvider.GetRequiredService<T>(), http);
    }

    private static void MapOnly(this IEndpointRouteBuilder routes, string method, string path, RequestDelegate handle)
    {
        routes.MapMethods(path, [method], handle);
        // Chosen when the method does not fit: routing prefers the endpoint that names the method.
        routes.Map(path, http => ErrorWriter.WriteAsync(http, Refusals.WrongMethod(http.Request.Method, method)));
    }
}
