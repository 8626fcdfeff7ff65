using System.Text.Json;

namespace OrleansCache.Core.Prompts.Answers.Unfolding;

/// <summary>How a message's fields are spread over its chunks.</summary>
internal sealed class MessagePlan
{
    /// <summary>The first chunk: role, names, numbers, nulls, and the texts that are empty.</summary>
    public List<Field> Opening { get; } = [];

    /// <summary>Texts, sent in pieces: reasoning, then content, then the others.</summary>
    public List<Field> Texts { get; } = [];

    /// <summary>Calls, each sent in fragments.</summary>
    public List<ReadOnlyMemory<byte>> ToolCalls { get; } = [];

    /// <summary>Objects and arrays, each sent whole.</summary>
    public List<Field> Structures { get; } = [];

    public static MessagePlan Of(IReadOnlyList<Field> message)
    {
        var plan = new MessagePlan();
        foreach (var field in message) plan.Place(field);
        var ordered = plan.Texts.OrderBy(f => Names.Contains(Names.Reasoning, f.Name) ? 0 : f.Is("content"u8) ? 1 : 2).ToList();
        plan.Texts.Clear();
        plan.Texts.AddRange(ordered);
        return plan;
    }

    private void Place(Field field)
    {
        if (field.Kind == JsonTokenType.String && !Names.Contains(Names.Identity, field.Name)) PlaceText(field);
        else if (!field.IsStructure) Opening.Add(field);
        else if (field.Is("tool_calls"u8) && Field.Elements(field.Value, JsonTokenType.StartObject) is { Count: > 0 } calls)
            ToolCalls.AddRange(calls);
        else Structures.Add(field);
    }

    private void PlaceText(Field field)
    {
        var isContent = field.Is("content"u8);
        var isEmpty = field.Value.Length == 2;
        // OpenAI opens with an empty content, so that clients have one to append to.
        if (isContent || isEmpty) Opening.Add(field with { Value = "\"\""u8.ToArray() });
        if (isContent || !isEmpty) Texts.Add(field);
    }
}
