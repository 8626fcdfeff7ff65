using System.Text.Json;

namespace OrleansCache.Core.Upstream.Simulation;

internal static class SimulatedUsage
{
    public static void Write(Utf8JsonWriter json, int prompt, int completion, int reasoning)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", prompt);
        json.WriteNumber("completion_tokens", completion);
        json.WriteNumber("total_tokens", prompt + completion);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", 0);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details");
        json.WriteNumber("reasoning_tokens", reasoning);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
