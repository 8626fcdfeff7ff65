using Microsoft.Extensions.Logging;

namespace OrleansCache.Core.Prompts;

/// <summary>Log messages of the owners: ids 2000 to 2999.</summary>
internal static partial class Log
{
    // Types and stack traces, not messages: those of unforeseen exceptions may quote what a caller sent.
    [LoggerMessage(2000, LogLevel.Error, "A flight failed in an unforeseen way ({Fault}); its callers were answered 500\n{StackTrace}")]
    public static partial void FlightFailed(ILogger logger, string fault, string? stackTrace);

    [LoggerMessage(2001, LogLevel.Warning, "A completion that was purged while it was being written could not be deleted from the store ({Fault}); purge again")]
    public static partial void UnstoreFailed(ILogger logger, string fault);

    [LoggerMessage(2002, LogLevel.Warning, "{Flights} upstream calls were still running when the time to stop was over; their callers were answered 503")]
    public static partial void FlightsGivenUp(ILogger logger, int flights);
}
