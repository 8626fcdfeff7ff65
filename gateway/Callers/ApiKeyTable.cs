using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace OrleansCache.Gateway.Callers;

/// <summary>The API keys by the hash of their secret; the secrets themselves are not kept.</summary>
internal sealed class ApiKeyTable(IOptionsMonitor<ApiKeysOptions> options)
{
    // Read with the first use: services are built before the settings have been checked.
    private readonly Lazy<Dictionary<ulong, Row>> _rows = new(() => Read(options.CurrentValue));

    /// <summary>Whether there is none: callers are anonymous then.</summary>
    public bool IsEmpty => _rows.Value.Count == 0;

    /// <summary>
    /// The caller whose secret has this hash. The look-up by prefix leaks nothing useful: nobody can choose a secret by its hash.
    /// </summary>
    public Caller? Find(ReadOnlySpan<byte> hash) =>
        _rows.Value.TryGetValue(Prefix(hash), out var row) && CryptographicOperations.FixedTimeEquals(row.Hash, hash) ? row.Caller : null;

    private static Dictionary<ulong, Row> Read(ApiKeysOptions options)
    {
        var rows = new Dictionary<ulong, Row>();
        foreach (var key in options.Keys)
        {
            var hash = ApiKeySecrets.Hash(key, out var fault)
                ?? throw new OptionsValidationException("ApiKeys", typeof(ApiKeysOptions), [$"OrleansCache:ApiKeys '{key.Name}' {fault}"]);
            rows[Prefix(hash)] = new Row(hash, new Caller(key.Name, key.Tenant));
            key.Secret = null;
            key.SecretHash = Convert.ToHexStringLower(hash);
            key.SecretFile = null;
        }

        return rows;
    }

    private static ulong Prefix(ReadOnlySpan<byte> hash) => BinaryPrimitives.ReadUInt64LittleEndian(hash);

    private sealed record Row(byte[] Hash, Caller Caller);
}
