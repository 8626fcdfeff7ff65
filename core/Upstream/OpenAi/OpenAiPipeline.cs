using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;

namespace OrleansCache.Core.Upstream.OpenAi;

/// <summary>The official package's pipeline with everything off that would call twice, wait by its own clock or look into the bodies.</summary>
internal static class OpenAiPipeline
{
    // The package insists on a key; the transport takes the header off again for servers that ask for none.
    private const string UnusedKey = "none";

    public static ClientPipeline Create(UpstreamOptions options, Uri baseUrl, string? apiKey, PipelineTransport transport)
    {
        var client = new OpenAIClientOptions
        {
            Endpoint = baseUrl,
            OrganizationId = options.Organization,
            ProjectId = options.Project,
            UserAgentApplicationId = "OrleansCache",
            Transport = transport,
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
            EnableDistributedTracing = false,
            ClientLoggingOptions = new ClientLoggingOptions { EnableLogging = false },
        };
        return new OpenAIClient(new ApiKeyCredential(apiKey ?? UnusedKey), client).Pipeline;
    }
}
