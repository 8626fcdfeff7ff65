namespace OrleansCache.Core.Upstream;

/// <summary>Where an upstream's key comes from.</summary>
internal static class UpstreamKey
{
    /// <summary>Reads the key.</summary>
    /// <returns>What is wrong, or null; never a part of the key.</returns>
    public static string? TryRead(UpstreamOptions options, out string? key)
    {
        key = null;
        var setting = options.Path + (options.ApiKeyFile is null ? ":ApiKey" : ":ApiKeyFile");
        try
        {
            var text = options.ApiKeyFile is { } file ? File.ReadAllText(file) : options.ApiKey;
            if (text is null) return null;
            key = text.Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return $"{setting} is '{options.ApiKeyFile}', which cannot be read: it must name a file that holds the key.";
        }

        if (key.Length == 0) return $"{setting} is empty; it must hold the key, or not be set.";
        return key.All(c => c is > ' ' and < '\u007f') ? null : $"{setting} holds characters that a header cannot carry; a key is one line of visible ASCII.";
    }
}
