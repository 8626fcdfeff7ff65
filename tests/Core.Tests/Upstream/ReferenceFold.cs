using System.Text;
using System.Text.Json.Nodes;
using OrleansCache.Core.Upstream;

namespace OrleansCache.Core.Tests.Upstream;

/// <summary>Folds the chunks of a chat or legacy stream in the plainest way, to compare them with the whole answer.</summary>
internal static class ReferenceFold
{
    public static async Task<(JsonObject Answer, int Events)> FoldAsync(UpstreamAnswer answer)
    {
        JsonObject result = [];
        SortedDictionary<int, JsonObject> choices = [];
        var events = 0;
        await foreach (var data in answer.Events.ShouldNotBeNull())
        {
            events++;
            var chunk = JsonNode.Parse(data.Span)!.AsObject();
            foreach (var (name, value) in chunk)
            {
                if (name != "choices" && value is not null) result[name] = value.DeepClone();
            }

            foreach (var choice in chunk["choices"]!.AsArray()) Add(choices, choice!.AsObject());
        }

        answer.SawDone().ShouldBeTrue();
        if (result["object"]!.GetValue<string>() == "chat.completion.chunk") result["object"] = "chat.completion";
        result["choices"] = new JsonArray([.. choices.Values]);
        return (result, events);
    }

    public static JsonObject Parse(UpstreamAnswer answer) => JsonNode.Parse(answer.Body.Span)!.AsObject();

    /// <summary>Equal but for the id, which counts the calls.</summary>
    public static void ShouldEqual(JsonObject actual, JsonObject expected)
    {
        actual.Remove("id").ShouldBeTrue();
        expected.Remove("id").ShouldBeTrue();
        JsonNode.DeepEquals(actual, expected).ShouldBeTrue($"{actual.ToJsonString()}\nis not\n{expected.ToJsonString()}");
    }

    private static void Add(SortedDictionary<int, JsonObject> choices, JsonObject choice)
    {
        var index = choice["index"]!.GetValue<int>();
        if (!choices.TryGetValue(index, out var whole)) choices[index] = whole = new JsonObject { ["index"] = index };
        foreach (var (name, value) in choice)
        {
            if (name == "delta") Merge(Child(whole, "message"), value!.AsObject());
            else if (name == "text") whole["text"] = (whole["text"]?.GetValue<string>() ?? "") + value!.GetValue<string>();
            else if (name == "logprobs" && value is JsonObject logprobs) Append(whole, logprobs);
            else if (name != "index" && (value is not null || !whole.ContainsKey(name))) whole[name] = value?.DeepClone();
        }
    }

    private static void Append(JsonObject whole, JsonObject logprobs)
    {
        var target = Child(whole, "logprobs");
        foreach (var (name, value) in logprobs)
        {
            if (value is not JsonArray items) target[name] = value?.DeepClone();
            else if (target[name] is JsonArray known) foreach (var item in items) known.Add(item?.DeepClone());
            else target[name] = items.DeepClone();
        }
    }

    private static void Merge(JsonObject message, JsonObject delta)
    {
        foreach (var (name, value) in delta)
        {
            if (name == "tool_calls") MergeCalls(message, value!.AsArray());
            else if (name is "content" or "refusal" or "reasoning_content" && value is not null && message[name] is { } known)
                message[name] = known.GetValue<string>() + value.GetValue<string>();
            else message[name] = value?.DeepClone();
        }
    }

    private static void MergeCalls(JsonObject message, JsonArray fragments)
    {
        if (message["tool_calls"] is not JsonArray calls) message["tool_calls"] = calls = [];
        foreach (var fragment in fragments.Select(f => f!.AsObject()))
        {
            var index = fragment["index"]!.GetValue<int>();
            if (index == calls.Count)
            {
                var first = fragment.DeepClone().AsObject();
                first.Remove("index");
                calls.Add((JsonNode)first);
                continue;
            }

            var function = calls[index]!["function"]!;
            function["arguments"] = function["arguments"]!.GetValue<string>() + fragment["function"]!["arguments"]!.GetValue<string>();
        }
    }

    private static JsonObject Child(JsonObject owner, string name)
    {
        if (owner[name] is not JsonObject child) owner[name] = child = [];
        return child;
    }

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
