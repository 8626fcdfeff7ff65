using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Gateway.Admin.Access;

/// <summary>
/// Lets only the admin key through, whatever API keys there are, on loopback too: any page in a browser on this machine can reach
/// loopback.
/// </summary>
internal sealed class AdminGate : IEndpointFilter
{
    private const string Scheme = "Bearer ";

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        var header = context.HttpContext.Request.Headers.Authorization;
        if (header is not [{ } text] || !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) throw Missing();
        var key = context.HttpContext.RequestServices.GetRequiredService<AdminKey>();
        if (!key.Matches(text[Scheme.Length..].Trim())) throw Wrong();
        return next(context);
    }

    private static AdminException Missing() => new(OpenAiError.Refuse(
            401, "This URL needs the admin key. Send it as Authorization: Bearer ADMIN_KEY.", "invalid_request_error", "missing_admin_key")
        with { Headers = [new("www-authenticate", "Bearer")] });

    private static AdminException Wrong() => new(OpenAiError.Refuse(
        403,
        "This is not the admin key; API keys have no access here. The admin key is the one in Gateway:AdminKey or Gateway:AdminKeyFile, "
        + "or else in the file that the server names in its log when it starts.",
        "invalid_request_error",
        "wrong_admin_key"));
}
