using System.Text.Json;

namespace OrleansCache.Core.Upstream.Simulation;

/// <summary>Decides what a chat answer holds.</summary>
internal static class ChatSimulation
{
    private const int FragmentLength = 7;

    public static SimulatedChoice[] Create(SimulatedCall call)
    {
        var choices = new SimulatedChoice[call.Choices];
        var shape = call.Script.Shape ?? ShapeOf(call);
        for (var i = 0; i < choices.Length; i++) choices[i] = Create(call, shape, i, SimulatedRandom.From(call.Seed, i));
        return choices;
    }

    private static SimulatedChoice Create(SimulatedCall call, string shape, int index, SimulatedRandom random)
    {
        switch (shape)
        {
            case "tool_calls":
                return new(index) { ToolCalls = CreateCalls(call, random), FinishReason = "tool_calls" };
            case "refusal":
                return new(index) { Refusal = ["I'm", " sorry,", " I", " can't", " help", " with", " that."], FinishReason = "stop" };
            default:
                var content = CreateContent(call, random, out var cut);
                return new(index)
                {
                    Reasoning = shape == "reasoning" ? random.Tokens(8 + random.Below(8)) : null,
                    Content = content,
                    HasAnnotation = shape == "annotations",
                    FinishReason = cut ? "length" : "stop",
                };
        }
    }

    private static string ShapeOf(SimulatedCall call)
    {
        if (call.Read("tools", JsonValueKind.Array) is { } tools && tools.GetArrayLength() > 0
            && !IsText(call.Body, "tool_choice", "none") && (IsFromUser(call) || IsText(call.Body, "tool_choice", "required"))) return "tool_calls";
        return call.Read("reasoning_effort", JsonValueKind.String) is { } effort && !effort.ValueEquals("none"u8) ? "reasoning" : "text";
    }

    private static bool IsFromUser(SimulatedCall call) =>
        call.Read("messages", JsonValueKind.Array) is { } messages && messages.GetArrayLength() > 0
        && messages[messages.GetArrayLength() - 1] is { ValueKind: JsonValueKind.Object } last && IsText(last, "role", "user");

    private static bool IsText(JsonElement element, string name, string text) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.ValueEquals(text);

    private static string[] CreateContent(SimulatedCall call, SimulatedRandom random, out bool cut)
    {
        cut = false;
        if (call.Read("response_format", JsonValueKind.Object) is not { } format || IsText(format, "type", "text"))
            return random.Tokens(call.CountTokens(random, out cut));
        JsonElement? schema = format.TryGetProperty("json_schema", out var named) && named.ValueKind == JsonValueKind.Object
            && named.TryGetProperty("schema", out var given) ? given : null;
        return Split(SchemaSample.Create(schema, random));
    }

    private static SimulatedToolCall[] CreateCalls(SimulatedCall call, SimulatedRandom random)
    {
        var tools = call.Read("tools", JsonValueKind.Array);
        var known = tools?.GetArrayLength() ?? 0;
        var parallel = !call.Body.TryGetProperty("parallel_tool_calls", out var value) || value.ValueKind != JsonValueKind.False;
        var calls = new SimulatedToolCall[parallel ? 2 : 1];
        for (var i = 0; i < calls.Length; i++)
        {
            var function = known > 0 && tools!.Value[i % known] is { ValueKind: JsonValueKind.Object } tool
                && tool.TryGetProperty("function", out var f) && f.ValueKind == JsonValueKind.Object ? f : default(JsonElement?);
            var name = function?.TryGetProperty("name", out var n) == true ? n.ToString() : "get_weather";
            JsonElement? schema = function?.TryGetProperty("parameters", out var p) == true ? p : null;
            calls[i] = new SimulatedToolCall($"call_{random.Next():x16}", name, Split(SchemaSample.Create(schema, random)));
        }

        return calls;
    }

    // Never between the halves of a surrogate pair.
    private static string[] Split(string text)
    {
        List<string> parts = [];
        for (var start = 0; start < text.Length;)
        {
            var end = Math.Min(text.Length, start + FragmentLength);
            if (end < text.Length && char.IsLowSurrogate(text[end])) end++;
            parts.Add(text[start..end]);
            start = end;
        }

        return [.. parts];
    }
}
