using Microsoft.Extensions.Logging;

namespace OrleansCache.Core.Upstream;

/// <summary>Event ids 3000 to 3999.</summary>
internal static partial class UpstreamLog
{
    [LoggerMessage(3000, LogLevel.Warning, "Upstream '{Name}' answers are SIMULATED: no upstream is configured. Set OPENAI_API_KEY, OPENAI_BASE_URL or OrleansCache:Upstreams:0 to ask a real one.")]
    public static partial void Simulated(ILogger logger, string name);

    [LoggerMessage(3001, LogLevel.Information, "Upstream '{Name}' is {Kind} at {BaseUrl}.")]
    public static partial void Configured(ILogger logger, string name, UpstreamKind kind, string baseUrl);

    [LoggerMessage(3002, LogLevel.Warning, "Upstream '{Name}' is called over plain http: prompts, and the key if there is one, cross the network unencrypted ({Setting}).")]
    public static partial void PlainHttp(ILogger logger, string name, string setting);

    [LoggerMessage(3003, LogLevel.Warning, "Upstream '{Name}' gave no answer: {Fault}. {Reason}")]
    public static partial void Faulted(ILogger logger, string name, UpstreamFault fault, string reason);

    // Its type and where it was thrown: the message of an exception could quote what was to be written.
    [LoggerMessage(3004, LogLevel.Warning, "An answer of upstream '{Name}' could not be recorded: {ExceptionType}\n{StackTrace}")]
    public static partial void NotRecorded(ILogger logger, string name, string exceptionType, string? stackTrace);

    [LoggerMessage(3005, LogLevel.Warning, "Line {Line} of the recording '{File}' is skipped: {Reason}.")]
    public static partial void LineSkipped(ILogger logger, string file, int line, string reason);
}
