using Microsoft.Extensions.Logging;

namespace OrleansCache.Gateway.Admin;

/// <summary>Events 5100 to 5199. None carries a key or a prompt.</summary>
internal static partial class AdminLog
{
    [LoggerMessage(5100, LogLevel.Information, "A new admin key was written to {Path}; send it as Authorization: Bearer KEY to /admin")]
    public static partial void KeyGenerated(ILogger logger, string path);

    [LoggerMessage(5101, LogLevel.Information, "The admin key is in {Path}")]
    public static partial void KeyFound(ILogger logger, string path);

    [LoggerMessage(5102, LogLevel.Warning, "The admin key in {Path} can be read by others on this machine; chmod 600 it")]
    public static partial void KeyReadableByOthers(ILogger logger, string path);

    [LoggerMessage(5103, LogLevel.Warning,
        "/admin is closed: no admin key is configured and none could be kept in {Path} ({Reason}). Set Gateway:AdminKey or Gateway:AdminKeyFile")]
    public static partial void Closed(ILogger logger, string path, string reason);

    [LoggerMessage(5110, LogLevel.Information, "Purged {Count} entries by {Dimensions}")]
    public static partial void Purged(ILogger logger, long count, string dimensions);

    [LoggerMessage(5111, LogLevel.Information, "Warmed with {Lines} lines: {Kept} kept, {Failed} failed")]
    public static partial void Warmed(ILogger logger, long lines, long kept, long failed);

    [LoggerMessage(5112, LogLevel.Warning, "An export broke off after {Count} entries: {Reason}")]
    public static partial void ExportBroke(ILogger logger, long count, string reason);

    [LoggerMessage(5113, LogLevel.Error, "An admin request failed with {ExceptionType}\n{StackTrace}")]
    public static partial void Failed(ILogger logger, string exceptionType, string? stackTrace);
}
