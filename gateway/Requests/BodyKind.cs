using Microsoft.AspNetCore.Http;
using OrleansCache.Core.Prompts;
using OrleansCache.Gateway.Errors;

namespace OrleansCache.Gateway.Requests;

/// <summary>
/// Refuses what is not plain JSON by its headers. A missing content type is refused too: a web page may send such a request to
/// a server on loopback without asking, one of JSON it may not.
/// </summary>
internal static class BodyKind
{
    private const string Json = "application/json";

    public static Refusal? Check(HttpRequest request)
    {
        if (!IsJson(request.ContentType)) return Refusals.NotJson;
        var encoding = request.Headers.ContentEncoding;
        return encoding.Count == 0 || encoding.ToString().Equals("identity", StringComparison.OrdinalIgnoreCase)
            ? null
            : Refusals.EncodedBody;
    }

    private static bool IsJson(string? contentType)
    {
        if (contentType == Json) return true;
        var type = contentType.AsSpan();
        var parameters = type.IndexOf(';');
        if (parameters >= 0) type = type[..parameters];
        type = type.Trim();
        return type.Equals(Json, StringComparison.OrdinalIgnoreCase)
            || (type.EndsWith("+json", StringComparison.OrdinalIgnoreCase) && type.StartsWith("application/", StringComparison.OrdinalIgnoreCase));
    }
}
