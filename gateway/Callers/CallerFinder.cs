using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using OrleansCache.Core.Prompts;
using OrleansCache.Gateway.Errors;

namespace OrleansCache.Gateway.Callers;

/// <summary>Finds who asks by <c>Authorization: Bearer …</c>.</summary>
internal sealed class CallerFinder(ApiKeyTable keys)
{
    private const string Scheme = "Bearer ";

    /// <summary>The caller, or the 401.</summary>
    public bool TryFind(
        HttpRequest request, [NotNullWhen(true)] out Caller? caller, [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = null;
        caller = Caller.Anonymous;
        if (keys.IsEmpty) return true;
        var header = request.Headers.Authorization;
        caller = header.Count == 1 ? Find(header[0]) : null;
        if (caller is null) refusal = header.Count == 0 ? Refusals.MissingApiKey : Refusals.WrongApiKey;
        return caller is not null;
    }

    private Caller? Find(ReadOnlySpan<char> header)
    {
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        var secret = header[Scheme.Length..].Trim();
        Span<byte> bytes = stackalloc byte[ApiKeySecrets.MaxBytes];
        if (!Encoding.UTF8.TryGetBytes(secret, bytes, out var written)) return null;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..written], hash);
        return keys.Find(hash);
    }
}
