using System.Text.Json;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts.Answers.Json;

namespace OrleansCache.Core.Prompts.Answers.Gate;

/// <summary>Whether one choice is complete.</summary>
internal static class ChoiceCheck
{
    /// <summary>Reads the choice that begins at the cursor.</summary>
    /// <returns>Null when it is complete, else the reason.</returns>
    public static string? Check(PromptEndpoint endpoint, ref JsonCursor cursor)
    {
        if (cursor.Kind != JsonTokenType.StartObject)
        {
            cursor.Skip();
            return GateReasons.Empty;
        }

        var chat = endpoint == PromptEndpoint.ChatCompletions;
        var (finish, hasAnswer, hasError, goodArguments) = (GateReasons.NoFinishReason, false, false, true);
        while (cursor.ReadName())
        {
            var name = cursor.Name;
            cursor.Read();
            if (name.SequenceEqual("finish_reason"u8)) finish = Finish(ref cursor);
            else if (name.SequenceEqual("error"u8)) hasError |= IsThere(ref cursor);
            else if (!chat && name.SequenceEqual("text"u8)) hasAnswer |= IsText(ref cursor);
            else if (chat && name.SequenceEqual("message"u8) && cursor.Kind == JsonTokenType.StartObject)
            {
                hasAnswer = true;
                goodArguments &= ToolArguments.Check(ref cursor);
            }
            else cursor.Skip();
        }

        if (hasError) return GateReasons.ErrorBody;
        return finish ?? (!hasAnswer ? GateReasons.Empty : goodArguments ? null : GateReasons.BadToolArguments);
    }

    private static string? Finish(ref JsonCursor cursor)
    {
        if (cursor.Kind != JsonTokenType.String)
        {
            cursor.Skip();
            return GateReasons.NoFinishReason;
        }

        if (cursor.Text.IsEmpty) return GateReasons.NoFinishReason;
        if (cursor.Says("content_filter"u8)) return GateReasons.ContentFilter;
        return cursor.Says("error"u8) ? GateReasons.ErrorBody : null;
    }

    private static bool IsThere(ref JsonCursor cursor)
    {
        var isThere = cursor.Kind != JsonTokenType.Null;
        cursor.Skip();
        return isThere;
    }

    private static bool IsText(ref JsonCursor cursor)
    {
        var isText = cursor.Kind == JsonTokenType.String;
        cursor.Skip();
        return isText;
    }
}
