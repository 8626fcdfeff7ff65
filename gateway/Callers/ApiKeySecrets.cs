using System.Security.Cryptography;
using System.Text;

namespace OrleansCache.Gateway.Callers;

/// <summary>Takes the hash of a configured secret, from wherever it is configured.</summary>
internal static class ApiKeySecrets
{
    public const int MinBytes = 8;

    public const int MaxBytes = 512;

    /// <summary>The hash, or what is wrong with the setting (never its value).</summary>
    public static byte[]? Hash(ApiKeyOptions key, out string? fault)
    {
        var sources = (key.Secret is null ? 0 : 1) + (key.SecretFile is null ? 0 : 1) + (key.SecretHash is null ? 0 : 1);
        fault = sources == 1 ? null : $"has {sources} secrets; set exactly one of Secret, SecretFile and SecretHash.";
        if (fault is not null) return null;
        return key.SecretHash is { } hash ? FromHex(hash.Trim(), out fault)
            : key.Secret is { } secret ? FromText(secret, out fault)
            : FromFile(key.SecretFile!, out fault);
    }

    private static byte[]? FromHex(string hash, out string? fault)
    {
        fault = hash.Length == SHA256.HashSizeInBytes * 2 && hash.All(char.IsAsciiHexDigit)
            ? null : $"SecretHash has {hash.Length} characters; it must be 64 hexadecimal digits (SHA-256).";
        return fault is null ? Convert.FromHexString(hash) : null;
    }

    private static byte[]? FromFile(string path, out string? fault)
    {
        try
        {
            return FromText(File.ReadAllText(path).Trim(), out fault);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            fault = $"SecretFile '{path}' cannot be read: {e.GetType().Name}.";
            return null;
        }
    }

    private static byte[]? FromText(string secret, out string? fault)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        fault = bytes.Length is >= MinBytes and <= MaxBytes
            ? null : $"has a secret of {bytes.Length} bytes; it must be between {MinBytes} and {MaxBytes} bytes.";
        return fault is null ? SHA256.HashData(bytes) : null;
    }
}
