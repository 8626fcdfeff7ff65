using System.Globalization;

namespace OrleansCache.Core.Upstream.Simulation;

/// <summary>Errors as OpenAI words them.</summary>
internal static class SimulatedErrors
{
    public static UpstreamAnswer Create(int status, string? retryAfter)
    {
        var (type, code, message) = status switch
        {
            400 => ("invalid_request_error", "invalid_value", "Simulated: the request is invalid."),
            401 => ("invalid_request_error", "invalid_api_key", "Simulated: incorrect API key provided."),
            403 => ("invalid_request_error", "permission_denied", "Simulated: not allowed."),
            404 => ("invalid_request_error", "model_not_found", "Simulated: the model does not exist."),
            429 => ("requests", "rate_limit_exceeded", "Simulated: rate limit reached. Please try again later."),
            503 => ("server_error", "overloaded", "Simulated: the engine is currently overloaded, please try again later."),
            < 500 => ("invalid_request_error", (string?)null, "Simulated: the request failed."),
            _ => ("server_error", null, "Simulated: the server had an error while processing your request."),
        };
        List<KeyValuePair<string, string>> headers = [new("x-request-id", "req-simulated-" + status.ToString(CultureInfo.InvariantCulture))];
        var wait = retryAfter ?? (status is 429 or 503 ? "1" : null);
        if (wait is not null) headers.Add(new("retry-after", wait));
        return UpstreamJson.Error(status, message, type, code, param: null, headers);
    }
}
