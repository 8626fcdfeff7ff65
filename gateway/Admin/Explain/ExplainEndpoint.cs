using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;
using OrleansCache.Gateway.Admin.Access;
using OrleansCache.Gateway.Admin.Requests;
using OrleansCache.Gateway.Requests;

namespace OrleansCache.Gateway.Admin.Explain;

/// <summary><c>POST /admin/explain</c>: reads only, and asks no upstream. Its answer names fields and paths, never what they hold.</summary>
internal sealed class ExplainEndpoint(
    PromptReader reader, PromptExplainer explainer, LookUp lookUp, NearestEntry nearest, IOptions<AdminOptions> options)
{
    public async Task HandleAsync(HttpContext http)
    {
        AdminQuery.Check(http.Request);
        var request = Read(await AdminBody.ReadAsync(http.Request, options.Value.MaxLineBytes));
        var found = await lookUp.FindAsync(request, http.RequestAborted);
        var fields = explainer.Describe(request.Endpoint, request.Body.Span).Fields;
        await AdminJson.WriteAsync(http, new
        {
            Key = request.Key.ToString(),
            Endpoint = EndpointNames.Path(request.Endpoint),
            request.Scope,
            request.Head.Model,
            found.Cache,
            found.FoundIn,
            found.AgeSeconds,
            found.TtlSeconds,
            found.Miss,
            Counted = fields.Where(static field => field.Counted).Select(static field => new { field.Name, field.Reason }),
            NotCounted = fields.Where(static field => !field.Counted).Select(static field => new { field.Name, field.Reason }),
            Nearest = found.Miss is null ? null : await nearest.FindAsync(request, http.RequestAborted),
        });
    }

    private PromptRequest Read(ReadOnlyMemory<byte> json)
    {
        using var fields = AdminFields.Parse(json, "endpoint", "tenant", "scope", "request");
        var endpoint = AdminNames.Endpoint(fields.Text("endpoint"));
        var scope = AdminNames.Scope(fields.Text("tenant"), fields.Text("scope"));
        var body = fields.RawObject("request")
            ?? throw AdminException.BadRequest("'request' is missing: the body of the request to explain.", "missing_field", "request");
        var prompt = reader.Read(endpoint, scope, body);
        return new PromptRequest { Key = prompt.Key, Scope = scope, Endpoint = endpoint, Head = prompt.Head, Body = body };
    }
}
