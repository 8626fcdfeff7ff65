using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using OrleansCache.Core.Prompts;
using OrleansCache.Gateway.Errors;

namespace OrleansCache.Gateway.Callers;

/// <summary>Finds who asks by <c>Authorization: Bearer …</c>.</summary>
/// <remarks>
/// Without API keys whoever reaches the server may ask. On loopback that is this machine, and a web page in its browser whose host
/// name was pointed here (DNS rebinding): such a request names a foreign host and is refused.
/// </remarks>
internal sealed class CallerFinder(ApiKeyTable keys, IOptions<GatewayOptions> options)
{
    private const string Scheme = "Bearer ";

    private string _ownHost = "127.0.0.1";

    /// <summary>The caller, or the refusal.</summary>
    public bool TryFind(
        HttpRequest request, [NotNullWhen(true)] out Caller? caller, [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = null;
        caller = Caller.Anonymous;
        if (keys.IsEmpty)
        {
            if (!IsOwnHost(request.Headers.Host.ToString())) refusal = Refusals.ForeignHost;
            return refusal is null;
        }

        var header = request.Headers.Authorization;
        caller = header.Count == 1 ? Find(header[0]) : null;
        if (caller is null) refusal = header.Count == 0 ? Refusals.MissingApiKey : Refusals.WrongApiKey;
        return caller is not null;
    }

    private bool IsOwnHost(string host)
    {
        if (host == _ownHost || options.Value.AllowAnonymous) return true;
        if (!ListenAddress.IsLoopbackHost(new HostString(host).Host)) return false;
        _ownHost = host;
        return true;
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
