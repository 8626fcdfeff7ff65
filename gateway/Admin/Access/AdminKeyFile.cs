using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace OrleansCache.Gateway.Admin.Access;

/// <summary>Keeps the generated admin key: a file that its owner alone can read.</summary>
internal static class AdminKeyFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>The key in the file; a new one when there is no file; null, and a warning, when it can be neither read nor written.</summary>
    public static string? ReadOrMake(string path, ILogger logger)
    {
        try
        {
            if (!File.Exists(path) && Make(path)) AdminLog.KeyGenerated(logger, path);
            else AdminLog.KeyFound(logger, path);
            return Read(path, logger);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            AdminLog.Closed(logger, path, e.GetType().Name);
            return null;
        }
    }

    /// <summary>Another process may do the same at the same time: the key appears under its name whole, and the first one stays.</summary>
    private static bool Make(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var draft = $"{path}.{Guid.NewGuid():N}";
        try
        {
            Write(draft, "admin-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
            File.Move(draft, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static void Write(string path, string key)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using var writer = new StreamWriter(path, options);
        writer.WriteLine(key);
    }

    private static string? Read(string path, ILogger logger)
    {
        var key = File.ReadAllText(path).Trim();
        if (key.Length is < AdminKey.MinLength or > AdminKey.MaxLength)
        {
            AdminLog.Closed(logger, path, $"it holds {key.Length} characters, not {AdminKey.MinLength} to {AdminKey.MaxLength}");
            return null;
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != UnixFileMode.None) AdminLog.KeyReadableByOthers(logger, path);
        return key;
    }
}
