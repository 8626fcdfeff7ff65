using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Storage;
using OrleansCache.Gateway.Errors;

namespace OrleansCache.Gateway.Admin.Access;

/// <summary>Turns what an admin request throws into an error of OpenAI's shape.</summary>
internal sealed class AdminFaults(ILogger<AdminFaults> logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        try
        {
            return await next(context);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return Results.Empty;
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            await ErrorWriter.WriteAsync(http, RefusalOf(e));
            return Results.Empty;
        }
    }

    private Refusal RefusalOf(Exception fault)
    {
        switch (fault)
        {
            case AdminException known:
                return known.Refusal;
            case InvalidPromptException prompt:
                return OpenAiError.Refuse(prompt.Status, prompt.Message, "invalid_request_error", prompt.Code, prompt.Param);
            case StoreException store:
                return OpenAiError.Refuse(503, store.Message, "server_error", "store_unavailable");
            case BadHttpRequestException bad:
                return OpenAiError.Refuse(bad.StatusCode, "The request's body could not be read to its end.", "invalid_request_error", "unreadable_body");
            default:
                AdminLog.Failed(logger, fault.GetType().Name, fault.StackTrace);
                return OpenAiError.Refuse(500, "The server had an error while processing your request.", "server_error", "internal_error");
        }
    }
}
