using OrleansCache.Core.Prompts;

namespace OrleansCache.Gateway.Errors;

/// <summary>What the gateway itself refuses, in OpenAI's words where OpenAI has some. The messages say what to change.</summary>
internal static class Refusals
{
    private const string InvalidRequest = "invalid_request_error";

    public static Refusal MissingApiKey { get; } = Unauthorized(
        "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth "
        + "(i.e. Authorization: Bearer YOUR_KEY).");

    public static Refusal WrongApiKey { get; } = Unauthorized(
        "Incorrect API key provided. Send a key that this server is configured with, as Authorization: Bearer YOUR_KEY.");

    public static Refusal ForeignHost { get; } = OpenAiError.Refuse(
        403, "Without API keys this server answers only requests to localhost or a loopback address; this one names another host. "
        + "Configure OrleansCache:ApiKeys, or set OrleansCache:Gateway:AllowAnonymous to true.", InvalidRequest, "foreign_host", "Host");

    public static Refusal EmptyBody { get; } = BadRequest("The request's body is empty. Send a JSON object.", "empty_body");

    public static Refusal TruncatedBody { get; } =
        BadRequest("The request's body ended before its announced length.", "truncated_body");

    public static Refusal SlowBody { get; } = OpenAiError.Refuse(
        408, "The request's body arrived too slowly and was given up.", InvalidRequest, "request_timeout");

    public static Refusal NotJson { get; } = OpenAiError.Refuse(
        415, "The request's content type is not JSON. Send the header Content-Type: application/json.", InvalidRequest,
        "unsupported_media_type", "Content-Type");

    public static Refusal EncodedBody { get; } = OpenAiError.Refuse(
            415, "The request's body is compressed. Send it as it is, without a Content-Encoding header.", InvalidRequest,
            "unsupported_content_encoding", "Content-Encoding")
        with { Headers = [new("accept-encoding", "identity")] };

    public static Refusal Stopping { get; } = OpenAiError.Refuse(
            503, "The server is stopping and could not finish this request. Send it again.", "server_error", "shutting_down")
        with { Headers = [new("retry-after", "1")] };

    public static Refusal Internal { get; } =
        OpenAiError.Refuse(500, "The server had an error while processing your request.", "server_error", "internal_error");

    public static Refusal BadRequest(string message, string code, string? param = null) =>
        OpenAiError.Refuse(400, message, InvalidRequest, code, param);

    public static Refusal BadHeader(string header, string message) => BadRequest(message, "invalid_header", header);

    public static Refusal InvalidPrompt(string message, string code, string? param, int status) =>
        OpenAiError.Refuse(status, message, InvalidRequest, code, param);

    public static Refusal TooLarge(long maxBytes) => OpenAiError.Refuse(
        413, $"The request's body is larger than {maxBytes} bytes, the most that this server takes (Gateway:MaxBodyBytes).",
        InvalidRequest, "request_too_large");

    public static Refusal UnknownRoute(string method) => OpenAiError.Refuse(
        404, $"Unknown request URL ({method}). Check the path for typing errors and that the base URL ends in /v1.",
        InvalidRequest, "unknown_url");

    public static Refusal WrongMethod(string method, string allowed) => OpenAiError.Refuse(
            405, $"This URL does not take {method}. Use {allowed}.", InvalidRequest, "method_not_allowed")
        with { Headers = [new("allow", allowed)] };

    /// <summary>What the server itself rejected.</summary>
    public static Refusal Rejected(int status) => status switch
    {
        431 => OpenAiError.Refuse(
            431, "The request's headers are larger than this server takes (Gateway:MaxHeaderBytes). Send fewer or shorter ones.",
            InvalidRequest, "headers_too_large"),
        414 => OpenAiError.Refuse(414, "The request's URL is too long.", InvalidRequest, "url_too_long"),
        408 => OpenAiError.Refuse(408, "The request arrived too slowly and was given up.", InvalidRequest, "request_timeout"),
        _ => OpenAiError.Refuse(status, "The request is not valid HTTP.", InvalidRequest, "malformed_request"),
    };

    private static Refusal Unauthorized(string message) =>
        OpenAiError.Refuse(401, message, InvalidRequest, "invalid_api_key")
            with { Headers = [new("www-authenticate", "Bearer")] };
}
