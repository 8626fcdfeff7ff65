using System.Text;
using System.Text.Json.Nodes;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts.Answers;
using OrleansCache.Core.Upstream;

namespace OrleansCache.Core.Tests.Upstream;

/// <summary>Folds streams as owners do, to compare them with the whole answer.</summary>
internal static class FoldedAnswer
{
    public static async Task<(JsonObject Answer, int Events)> FoldAsync(
        UpstreamAnswer answer, PromptEndpoint endpoint = PromptEndpoint.ChatCompletions)
    {
        var folder = new StreamFolder(endpoint);
        var events = 0;
        await foreach (var data in answer.Events.ShouldNotBeNull())
        {
            events++;
            folder.Add(data);
        }

        answer.SawDone().ShouldBeTrue();
        folder.Fault.ShouldBeNull();
        return (JsonNode.Parse(folder.ToBody().ShouldNotBeNull())!.AsObject(), events);
    }

    public static JsonObject Parse(UpstreamAnswer answer) => JsonNode.Parse(answer.Body.Span)!.AsObject();

    /// <summary>Equal but for the id, which counts the calls.</summary>
    public static void ShouldEqual(JsonObject actual, JsonObject expected)
    {
        actual.Remove("id").ShouldBeTrue();
        expected.Remove("id").ShouldBeTrue();
        JsonNode.DeepEquals(actual, expected).ShouldBeTrue($"{actual.ToJsonString()}\nis not\n{expected.ToJsonString()}");
    }

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
