using Microsoft.Extensions.Logging;

namespace OrleansCache.Gateway;

/// <summary>Events 5000 to 5999. None carries a secret, a prompt or an answer.</summary>
internal static partial class Log
{
    // The message of an exception nobody foresaw could quote a prompt: its type and where it was thrown are enough to find it.
    [LoggerMessage(5001, LogLevel.Error, "Request {RequestId} failed with {ExceptionType}\n{StackTrace}")]
    public static partial void RequestFailed(ILogger logger, string requestId, string exceptionType, string? stackTrace);

    [LoggerMessage(5002, LogLevel.Warning, "Request {RequestId}: the upstream's stream broke off after {Parts} parts: {Reason}")]
    public static partial void StreamBroke(ILogger logger, string requestId, int parts, string reason);

    [LoggerMessage(5003, LogLevel.Warning, "Listening beyond loopback without API keys, as Gateway:AllowAnonymous says: whoever reaches this process can spend at the upstream")]
    public static partial void AnonymousBeyondLoopback(ILogger logger);

    [LoggerMessage(5004, LogLevel.Information, "Stopping: readiness has fallen, running requests have {Timeout} to finish")]
    public static partial void Stopping(ILogger logger, TimeSpan timeout);

    [LoggerMessage(5005, LogLevel.Warning, "Stopping: requests still running after {Timeout} are given an error")]
    public static partial void StopDeadline(ILogger logger, TimeSpan timeout);

    [LoggerMessage(5006, LogLevel.Warning, "The upstream's list of models could not be read: {Reason}")]
    public static partial void ModelsUnavailable(ILogger logger, string reason);
}
