using OrleansCache.Core.Upstream;

namespace OrleansCache.Core.Prompts;

/// <summary>An upstream's fault in OpenAI's shape, one code for each. The fault's message names upstream and deadline, nothing secret.</summary>
public static class UpstreamRefusals
{
    /// <summary>The refusal that callers get: 504 for a deadline, 404 for a model that nobody serves, else 502.</summary>
    /// <param name="fault">What went wrong.</param>
    public static Refusal Of(UpstreamException fault) => fault.Fault switch
    {
        UpstreamFault.Timeout => Upstream(504, fault, "upstream_timeout"),
        UpstreamFault.Unreachable => Upstream(502, fault, "upstream_unreachable"),
        UpstreamFault.Reset => Upstream(502, fault, "upstream_reset"),
        UpstreamFault.NotConfigured => OpenAiError.Refuse(404, fault.Message, "invalid_request_error", "model_not_found", "model"),
        _ => Upstream(502, fault, "upstream_protocol_error"),
    };

    private static Refusal Upstream(int status, UpstreamException fault, string code) =>
        OpenAiError.Refuse(status, fault.Message, "upstream_error", code);
}
