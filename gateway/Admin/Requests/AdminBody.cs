using System.Buffers;
using Microsoft.AspNetCore.Http;
using OrleansCache.Core.Prompts;
using OrleansCache.Gateway.Admin.Access;

namespace OrleansCache.Gateway.Admin.Requests;

/// <summary>Reads the body of an admin request up to a bound.</summary>
internal static class AdminBody
{
    private const int Piece = 16 << 10;

    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, int maxBytes)
    {
        CheckEncoding(request);
        if (request.ContentLength > maxBytes) throw TooLarge(maxBytes);
        var body = new ArrayBufferWriter<byte>(Piece);
        while (true)
        {
            var read = await request.Body.ReadAsync(body.GetMemory(Piece), request.HttpContext.RequestAborted);
            if (read == 0) return body.WrittenMemory;
            body.Advance(read);
            if (body.WrittenCount > maxBytes) throw TooLarge(maxBytes);
        }
    }

    public static void CheckEncoding(HttpRequest request)
    {
        if (request.Headers.ContentEncoding is [_, ..] and not ["identity"])
        {
            throw new AdminException(OpenAiError.Refuse(
                415, "The body is compressed. Send it without a Content-Encoding.", "invalid_request_error", "unsupported_encoding", "content-encoding"));
        }
    }

    private static AdminException TooLarge(int maxBytes) => new(OpenAiError.Refuse(
        413, $"The body is larger than {maxBytes} bytes, the most that Admin:MaxLineBytes allows.", "invalid_request_error", "request_too_large"));
}
