using Microsoft.Extensions.Logging;

namespace OrleansCache.Core.Storage;

/// <summary>Log messages of the store: events 4000 to 4999. One line for each change of state, none for each call.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(4000, LogLevel.Information, "Store opened: {Store}")]
    public static partial void Opened(this ILogger logger, string store);

    [LoggerMessage(4001, LogLevel.Warning, "The store cannot be opened yet; requests go on without it and writes are queued: {Fault}")]
    public static partial void OpenFailed(this ILogger logger, string fault);

    [LoggerMessage(4002, LogLevel.Warning, "Store {Operation}s are failing and are left out until it recovers: {Fault}")]
    public static partial void BreakerOpened(this ILogger logger, string operation, string fault);

    [LoggerMessage(4003, LogLevel.Information, "Store {Operation}s work again")]
    public static partial void BreakerClosed(this ILogger logger, string operation);

    [LoggerMessage(4004, LogLevel.Warning,
        "Completions are being dropped: the retry queue is full ({Bytes} bytes), or the store can never take them")]
    public static partial void Dropping(this ILogger logger, long bytes);

    [LoggerMessage(4005, LogLevel.Information, "The retry queue has been written to the store")]
    public static partial void QueueDrained(this ILogger logger);

    [LoggerMessage(4006, LogLevel.Warning, "{Entries} completions could not be written before the stop and are lost")]
    public static partial void Lost(this ILogger logger, int entries);

    [LoggerMessage(4007, LogLevel.Warning, "Expired completions cannot be deleted for now: {Fault}")]
    public static partial void SweepFailed(this ILogger logger, string fault);

    [LoggerMessage(4008, LogLevel.Information, "Schema migrated from version {From} to {To}")]
    public static partial void Migrated(this ILogger logger, int from, int to);

    [LoggerMessage(4009, LogLevel.Warning, "The database file {Path} was deleted under the running process; starting a new one")]
    public static partial void FileGone(this ILogger logger, string path);

    public static void Unexpected(this ILogger logger, Exception exception, string part) =>
        Unexpected(logger, part, exception.GetType().FullName!, exception.StackTrace);

    /// <summary>What to say of a fault. The message of an exception nobody foresaw could quote a prompt: its type must do.</summary>
    public static string Words(Exception fault) => fault is StoreException ? fault.Message : fault.GetType().FullName!;

    [LoggerMessage(4010, LogLevel.Error, "Unexpected fault in {Part} of the store: {ExceptionType}\n{StackTrace}")]
    private static partial void Unexpected(ILogger logger, string part, string exceptionType, string? stackTrace);
}
