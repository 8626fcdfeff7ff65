using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrleansCache.Standalone.Tests.Harness;

/// <summary>A request of <c>/v1/chat/completions</c>.</summary>
/// <param name="Prompt">What the user says.</param>
/// <param name="Stream">Which form is asked for; no part of the prompt key.</param>
/// <param name="Simulate">What the simulated upstream is to do, as JSON members: <c>"tokens": 9</c>.</param>
/// <param name="Model">The model.</param>
internal sealed record ChatBody(string Prompt, bool Stream = false, string? Simulate = null, string Model = "gpt-4o-mini")
{
    public override string ToString()
    {
        var body = new JsonObject
        {
            ["model"] = Model,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = Prompt }),
        };
        if (Stream) body["stream"] = true;
        if (Simulate is not null) body["x_simulate"] = JsonNode.Parse($"{{{Simulate}}}");
        return body.ToJsonString(JsonSerializerOptions.Web);
    }
}
