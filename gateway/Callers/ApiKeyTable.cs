using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace OrleansCache.Gateway.Callers;

/// <summary>The API keys by the hash of their secret; the secrets themselves are not kept.</summary>
internal sealed class ApiKeyTable
{
    private readonly Dictionary<ulong, Row> _rows = [];

    public ApiKeyTable(IOptionsMonitor<ApiKeysOptions> options)
    {
        foreach (var key in options.CurrentValue.Keys)
        {
            var hash = ApiKeySecrets.Hash(key, out var fault)
                ?? throw new OptionsValidationException("ApiKeys", typeof(ApiKeysOptions), [$"OrleansCache:ApiKeys '{key.Name}' {fault}"]);
            _rows[Prefix(hash)] = new Row(hash, new Caller(key.Name, key.Tenant));
            key.Secret = null;
            key.SecretHash = Convert.ToHexStringLower(hash);
            key.SecretFile = null;
        }
    }

    /// <summary>Whether there is none: callers are anonymous then.</summary>
    public bool IsEmpty => _rows.Count == 0;

    /// <summary>
    /// The caller whose secret has this hash. The look-up by prefix leaks nothing useful: nobody can choose a secret by its hash.
    /// </summary>
    public Caller? Find(ReadOnlySpan<byte> hash) =>
        _rows.TryGetValue(Prefix(hash), out var row) && CryptographicOperations.FixedTimeEquals(row.Hash, hash) ? row.Caller : null;

    private static ulong Prefix(ReadOnlySpan<byte> hash) => BinaryPrimitives.ReadUInt64LittleEndian(hash);

    private sealed record Row(byte[] Hash, Caller Caller);
}
