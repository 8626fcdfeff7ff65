using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCache.Core.Storage;

namespace OrleansCache.Gateway.Admin.Access;

/// <summary>
/// The key of <c>/admin</c>: the configured one, or one that is made at the first start and kept in a file beside the database. Only
/// its hash stays in memory.
/// </summary>
internal sealed class AdminKey
{
    public const int MinLength = 16;
    public const int MaxLength = 512;

    private const string Section = "OrleansCache:Gateway:";

    private readonly byte[]? _hash;

    /// <exception cref="OptionsValidationException">The configured key cannot be used.</exception>
    public AdminKey(IOptions<GatewayOptions> gateway, IOptions<StoreOptions> store, ILogger<AdminKey> logger)
    {
        var key = gateway.Value switch
        {
            { AdminKey: { } configured } => Check(configured, "AdminKey"),
            { AdminKeyFile: { } path } => Check(Read(path), "AdminKeyFile"),
            _ => AdminKeyFile.ReadOrMake(Path.Combine(FolderOf(store.Value), "admin.key"), logger),
        };
        _hash = key is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(key));
    }

    /// <summary>Whether this is the key. Takes the same time for every wrong key of a length.</summary>
    public bool Matches(string presented) =>
        _hash is not null
        && presented.Length <= MaxLength
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(presented)), _hash);

    private static string FolderOf(StoreOptions store)
    {
        var path = store.Kind == StoreKind.Sqlite ? store.Path : new StoreOptions().Path;
        return Path.GetDirectoryName(Path.GetFullPath(path)) ?? Path.GetFullPath(".");
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Fault($"{Section}AdminKeyFile '{path}' cannot be read: {e.GetType().Name}.");
        }
    }

    private static string Check(string key, string setting) =>
        key.Length is >= MinLength and <= MaxLength && !key.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? key
            : throw Fault(
                $"{Section}{setting} gives a key of {key.Length} characters; it must be {MinLength} to {MaxLength} visible ASCII characters.");

    private static OptionsValidationException Fault(string message) => new(nameof(GatewayOptions), typeof(GatewayOptions), [message]);
}
