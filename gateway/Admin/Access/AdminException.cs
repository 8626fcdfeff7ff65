using OrleansCache.Core.Prompts;

namespace OrleansCache.Gateway.Admin.Access;

/// <summary>An admin request that is refused.</summary>
internal sealed class AdminException(Refusal refusal) : Exception("An admin request was refused.")
{
    public Refusal Refusal { get; } = refusal;

    public static AdminException BadRequest(string message, string code, string? param = null) =>
        new(OpenAiError.Refuse(400, message, "invalid_request_error", code, param));

    public static AdminException NotFound(string message, string code) =>
        new(OpenAiError.Refuse(404, message, "invalid_request_error", code));
}
