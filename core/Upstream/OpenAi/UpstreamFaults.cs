using System.Net.Sockets;
using System.Security.Authentication;

namespace OrleansCache.Core.Upstream.OpenAi;

/// <summary>Turns what the network throws into the one family that owners know. Messages name upstream and setting, nothing of the call.</summary>
internal sealed class UpstreamFaults(UpstreamOptions options)
{
    /// <summary>The exception to throw in place of <paramref name="thrown"/>.</summary>
    public Exception Translate(Exception thrown, CallDeadlines deadlines)
    {
        if (thrown is UpstreamException) return thrown;
        if (deadlines.Caller.IsCancellationRequested) return new OperationCanceledException(deadlines.Caller);
        if (deadlines.Missed != Deadline.None) return Missed(deadlines.Missed, thrown);
        if (thrown is OperationCanceledException && deadlines.Token.IsCancellationRequested) return thrown;
        return Classify(thrown);
    }

    /// <summary>The answer is larger than the bound.</summary>
    public UpstreamException TooLarge() => new(
        UpstreamFault.Protocol,
        $"Upstream '{options.Name}' answered more than {options.MaxAnswerBytes} bytes ({Setting(nameof(options.MaxAnswerBytes))}).");

    /// <summary>A redirect: following it would send key and prompt to an address that nobody configured.</summary>
    public UpstreamException Redirected(int status) => new(
        UpstreamFault.Protocol,
        $"Upstream '{options.Name}' answered {status}, a redirect, which is not followed. Set {Setting(nameof(options.BaseUrl))} to the final address.");

    private UpstreamException Missed(Deadline deadline, Exception inner)
    {
        var (what, limit, setting) = deadline switch
        {
            Deadline.FirstByte => ("sent no first byte within", options.FirstByteTimeout, nameof(options.FirstByteTimeout)),
            Deadline.Idle => ("sent nothing more for", options.IdleTimeout, nameof(options.IdleTimeout)),
            _ => ("did not finish within", options.TotalTimeout, nameof(options.TotalTimeout)),
        };
        return new(UpstreamFault.Timeout, $"Upstream '{options.Name}' {what} {limit.TotalSeconds:0.###} s ({Setting(setting)}).", inner);
    }

    private UpstreamException Classify(Exception thrown)
    {
        for (var e = thrown; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }:
                    return Unreachable("its name is unknown", thrown);
                case HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } or AuthenticationException:
                    return Unreachable("TLS failed", thrown);
                case HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError }:
                    return Unreachable("the connection was refused or failed", thrown);
                case HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.HttpProtocolError }:
                case HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.HttpProtocolError }:
                case InvalidDataException:
                    return new(UpstreamFault.Protocol, $"Upstream '{options.Name}' answered what HTTP does not allow.", thrown);
                case TimeoutException:
                    return Unreachable(
                        $"no connection within {options.ConnectTimeout.TotalSeconds:0.###} s, {Setting(nameof(options.ConnectTimeout))}", thrown);
                case HttpIOException or SocketException:
                    return new(UpstreamFault.Reset, $"Upstream '{options.Name}' broke the connection before its answer was whole.", thrown);
            }
        }

        return new(UpstreamFault.Reset, $"The call to upstream '{options.Name}' broke off ({thrown.GetType().Name}).", thrown);
    }

    private UpstreamException Unreachable(string why, Exception inner) =>
        new(UpstreamFault.Unreachable, $"Upstream '{options.Name}' cannot be reached: {why}.", inner);

    private string Setting(string name) => $"{options.Path}:{name}";
}
