using System.Text.Json;
using System.Text.Unicode;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts.Answers.Json;

namespace OrleansCache.Core.Prompts.Answers.Gate;

/// <summary>Reads a plain answer once, front to back.</summary>
internal static class AnswerCheck
{
    public static GateVerdict Check(PromptEndpoint endpoint, ReadOnlySpan<byte> body)
    {
        var usage = default(TokenUsage);
        if (body.IndexOfAnyExcept(" \t\r\n"u8) < 0) return new GateVerdict(GateReasons.Empty, usage);
        if (!Utf8.IsValid(body)) return new GateVerdict(GateReasons.NotJson, usage);
        try
        {
            return new GateVerdict(Fields(endpoint, body, ref usage), usage);
        }
        catch (JsonException)
        {
            return new GateVerdict(GateReasons.NotJson, usage);
        }
    }

    private static string? Fields(PromptEndpoint endpoint, ReadOnlySpan<byte> body, ref TokenUsage usage)
    {
        var cursor = new JsonCursor(body);
        if (!cursor.Read() || cursor.Kind != JsonTokenType.StartObject) return GateReasons.NotJson;
        var embeddings = endpoint == PromptEndpoint.Embeddings;
        var reason = embeddings ? GateReasons.Empty : GateReasons.NoChoices;
        var hasError = false;
        while (cursor.ReadName())
        {
            var name = cursor.Name;
            cursor.Read();
            if (name.SequenceEqual("error"u8) && cursor.Kind != JsonTokenType.Null) hasError = true;
            if (name.SequenceEqual("usage"u8)) usage = UsageReader.Read(ref cursor);
            else if (embeddings && name.SequenceEqual("data"u8)) reason = Embeddings(ref cursor);
            else if (!embeddings && name.SequenceEqual("choices"u8)) reason = Choices(endpoint, ref cursor);
            else cursor.Skip();
        }

        // Reads to the end: what follows the object is not JSON.
        cursor.Read();
        return hasError ? GateReasons.ErrorBody : reason;
    }

    private static string? Choices(PromptEndpoint endpoint, ref JsonCursor cursor)
    {
        if (cursor.Kind != JsonTokenType.StartArray)
        {
            cursor.Skip();
            return GateReasons.NoChoices;
        }

        var reason = GateReasons.NoChoices;
        for (var first = true; cursor.ReadElement(); first = false)
        {
            var found = ChoiceCheck.Check(endpoint, ref cursor);
            reason = first ? found : reason ?? found;
        }

        return reason;
    }

    private static string? Embeddings(ref JsonCursor cursor)
    {
        if (cursor.Kind != JsonTokenType.StartArray)
        {
            cursor.Skip();
            return GateReasons.Empty;
        }

        var (any, all) = (false, true);
        while (cursor.ReadElement())
        {
            any = true;
            all &= HasEmbedding(ref cursor);
        }

        return any && all ? null : GateReasons.Empty;
    }

    // An array of numbers, or their bytes in base64.
    private static bool HasEmbedding(ref JsonCursor cursor)
    {
        var found = false;
        if (cursor.Kind != JsonTokenType.StartObject) cursor.Skip();
        else
        {
            while (cursor.ReadName())
            {
                var isEmbedding = cursor.Name.SequenceEqual("embedding"u8);
                cursor.Read();
                var hasKind = cursor.Kind is JsonTokenType.StartArray or JsonTokenType.String;
                var value = cursor.TakeValue();
                found |= isEmbedding && hasKind && value[1..^1].IndexOfAnyExcept(" \t\r\n"u8) >= 0;
            }
        }

        return found;
    }
}
