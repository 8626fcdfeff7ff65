namespace OrleansCache.Standalone;

/// <summary>Events 6000 to 6999.</summary>
internal static partial class Log
{
    [LoggerMessage(6001, LogLevel.Information, "OrleansCache listens on {Urls}; store: {Store}; upstreams: {Upstreams}")]
    public static partial void Started(ILogger logger, string urls, string store, string upstreams);
}
