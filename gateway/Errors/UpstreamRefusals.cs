using OrleansCache.Core.Prompts;
using OrleansCache.Core.Upstream;

namespace OrleansCache.Gateway.Errors;

/// <summary>An upstream's fault in OpenAI's shape. The fault's message names upstream and deadline, nothing secret.</summary>
internal static class UpstreamRefusals
{
    public static Refusal Of(UpstreamException fault) =>
        OpenAiError.Refuse(fault.Fault == UpstreamFault.Timeout ? 504 : 502, fault.Message, "upstream_error", Code(fault.Fault));

    private static string Code(UpstreamFault fault) => fault switch
    {
        UpstreamFault.Unreachable => "upstream_unreachable",
        UpstreamFault.Reset => "upstream_reset",
        UpstreamFault.Timeout => "upstream_timeout",
        UpstreamFault.Protocol => "upstream_protocol",
        _ => "upstream_not_configured",
    };
}
