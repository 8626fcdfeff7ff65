using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCache.Gateway.Admin.Access;
using OrleansCache.Gateway.Admin.Entries;
using OrleansCache.Gateway.Admin.Explain;
using OrleansCache.Gateway.Admin.Stats;
using OrleansCache.Gateway.Admin.Transfer;

namespace OrleansCache.Gateway.Admin;

/// <summary>Maps the operators' API.</summary>
public static class AdminEndpointRouteBuilderExtensions
{
    /// <summary>Maps <c>/admin</c>. Everything under it needs the admin key, unknown paths included.</summary>
    public static RouteGroupBuilder MapAdminApi(this IEndpointRouteBuilder endpoints)
    {
        var admin = endpoints.MapGroup("/admin");
        admin.AddEndpointFilter<AdminFaults>();
        admin.AddEndpointFilter<AdminGate>();

        admin.MapGet("/stats", static (HttpContext http, StatsEndpoint stats) => stats.HandleAsync(http));
        admin.MapGet("/entries/{key}", static (HttpContext http, EntriesEndpoint entries) => entries.LookAsync(http));
        admin.MapDelete("/entries/{key}", static (HttpContext http, EntriesEndpoint entries) => entries.DeleteAsync(http));
        admin.MapPost("/purge", static (HttpContext http, PurgeEndpoint purge) => purge.HandleAsync(http));
        admin.MapPost("/warm", static (HttpContext http, WarmEndpoint warm) => warm.HandleAsync(http));
        admin.MapGet("/export", static (HttpContext http, ExportEndpoint export) => export.HandleAsync(http));
        admin.MapPost("/explain", static (HttpContext http, ExplainEndpoint explain) => explain.HandleAsync(http));
        admin.Map("/{**rest}", static (HttpContext _) => NotFound());
        return admin;
    }

    private static Task NotFound() => throw AdminException.NotFound(
        "There is no such admin URL. There are GET /admin/stats, GET and DELETE /admin/entries/{key}, POST /admin/purge, POST /admin/warm, "
        + "GET /admin/export and POST /admin/explain.",
        "unknown_url");
}
