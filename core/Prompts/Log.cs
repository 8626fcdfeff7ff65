using Microsoft.Extensions.Logging;

namespace OrleansCache.Core.Prompts;

/// <summary>Log messages of the owners: ids 2000 to 2999.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Error, "A flight failed in an unforeseen way; its callers were answered 500")]
    public static partial void FlightFailed(ILogger logger, Exception fault);

    [LoggerMessage(2001, LogLevel.Warning, "A completion that was purged while it was being written could not be deleted from the store; purge again")]
    public static partial void UnstoreFailed(ILogger logger, Exception fault);

    [LoggerMessage(2002, LogLevel.Warning, "{Flights} upstream calls were still running when the time to stop was over; their callers were answered 503")]
    public static partial void FlightsGivenUp(ILogger logger, int flights);

    [LoggerMessage(2003, LogLevel.Error, "{Entries} completions could not be written to the store before the process stopped")]
    public static partial void EntriesUnwritten(ILogger logger, int entries);
}
