using System.Text.Json;
using System.Text.Unicode;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts.Answers.Json;

namespace OrleansCache.Core.Prompts.Answers.Unfolding;

/// <summary>A plain answer taken apart: what every chunk repeats, what is sent once, and the choices.</summary>
internal sealed class AnswerPlan
{
    // Larger values, and objects and arrays of any size, are sent in the first chunk only.
    private const int LongestRepeated = 128;

    /// <summary>The fields that every chunk repeats, with the opening brace.</summary>
    public required byte[] Head { get; init; }

    /// <summary>The fields that only the first chunk has.</summary>
    public required IReadOnlyList<Field> Once { get; init; }

    /// <summary>The usage of the closing chunk; null when there is none.</summary>
    public required Field? Usage { get; init; }

    public required IReadOnlyList<ChoicePlan> Choices { get; init; }

    /// <summary>Takes an answer apart; null when it is not a plain answer of choices.</summary>
    public static AnswerPlan? Read(PromptEndpoint endpoint, ReadOnlyMemory<byte> body)
    {
        if (endpoint == PromptEndpoint.Embeddings || !Utf8.IsValid(body.Span)) return null;
        try
        {
            return Of(endpoint == PromptEndpoint.ChatCompletions, Field.Of(body));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static AnswerPlan? Of(bool chat, List<Field> fields)
    {
        if (fields.Find(f => f.Is("choices"u8)) is not { Kind: JsonTokenType.StartArray } choices) return null;
        var elements = Field.Elements(choices.Value);
        if (!elements.TrueForAll(e => e.Span[0] == '{')) return null;
        var head = new ByteBuffer(256);
        head.Append((byte)'{');
        var once = new List<Field>();
        Field? usage = null;
        foreach (var field in fields)
        {
            if (field.Is("choices"u8) || Names.Contains(Names.Noise, field.Name)) continue;
            if (field.Is("usage"u8) && !field.IsNull) usage = field;
            else if (field.IsStructure || field.Value.Length > LongestRepeated) once.Add(field);
            else Repeat(head, field, chat);
        }

        return new AnswerPlan { Head = head.ToArray(), Once = once, Usage = usage, Choices = ChoicePlan.All(elements) };
    }

    private static void Repeat(ByteBuffer head, Field field, bool chat)
    {
        if (chat && field.Is("object"u8) && field.Says("chat.completion"u8))
            head.Append(head.Length > 1 ? ",\"object\":\"chat.completion.chunk\""u8 : "\"object\":\"chat.completion.chunk\""u8);
        else
            field.WriteTo(head);
    }
}
