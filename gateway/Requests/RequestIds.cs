using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace OrleansCache.Gateway.Requests;

/// <summary><c>x-request-id</c>: the caller's own when it is sane, else a new one.</summary>
internal static class RequestIds
{
    public const string Header = "x-request-id";

    private const int MaxLength = 128;

    private static readonly ulong Process = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
    private static ulong _count;

    public static string Of(IHeaderDictionary headers) =>
        headers.TryGetValue(Header, out var own)
        && own is [{ Length: > 0 and <= MaxLength } id]
        && !id.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? id
            : New();

    // Unique, not secret: a random number of this process and a count.
    private static string New() => string.Create(36, Interlocked.Increment(ref _count), static (text, count) =>
    {
        "req_".CopyTo(text);
        Process.TryFormat(text[4..], out _, "x16");
        count.TryFormat(text[20..], out _, "x16");
    });
}
