using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCache.Core.Prompts;
using OrleansCache.Gateway.Callers;
using OrleansCache.Gateway.Errors;

namespace OrleansCache.Gateway.Models;

/// <summary><c>GET /v1/models</c> and <c>GET /v1/models/{id}</c>, for callers.</summary>
internal sealed class ModelEndpoints(CallerFinder callers, ModelList models)
{
    private static readonly Refusal Unknown = OpenAiError.Refuse(
        404, "The model does not exist at the upstream. GET /v1/models lists those that do.", "invalid_request_error",
        "model_not_found", "model");

    public async Task ListAsync(HttpContext http) => await AnswerAsync(http, static list => list.Body);

    public async Task FindAsync(HttpContext http)
    {
        // Routing leaves an escaped slash as it is, and names such as "maker/model" are sent with one.
        var id = (http.GetRouteValue("id") as string ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        await AnswerAsync(http, list => list.Find(id));
    }

    private async Task AnswerAsync(HttpContext http, Func<ModelSnapshot, byte[]?> choose)
    {
        if (!callers.TryFind(http.Request, out _, out var refusal))
        {
            await ErrorWriter.WriteAsync(http, refusal);
            return;
        }

        var list = await models.GetAsync(http.RequestAborted);
        if (list.Refusal is not null || choose(list) is not { } body)
        {
            await ErrorWriter.WriteAsync(http, list.Refusal ?? Unknown);
            return;
        }

        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }
}
