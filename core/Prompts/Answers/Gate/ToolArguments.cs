using System.Text.Json;
using OrleansCache.Core.Prompts.Answers.Json;

namespace OrleansCache.Core.Prompts.Answers.Gate;

/// <summary>Whether the arguments of a message's calls are whole.</summary>
internal static class ToolArguments
{
    /// <summary>Reads the message that begins at the cursor.</summary>
    public static bool Check(ref JsonCursor message)
    {
        var good = true;
        while (message.ReadName())
        {
            var name = message.Name;
            message.Read();
            if (name.SequenceEqual("tool_calls"u8) && message.Kind == JsonTokenType.StartArray)
            {
                while (message.ReadElement()) good &= Call(ref message);
            }
            else if (name.SequenceEqual("function_call"u8)) good &= Function(ref message);
            else message.Skip();
        }

        return good;
    }

    private static bool Call(ref JsonCursor call)
    {
        var good = true;
        if (call.Kind != JsonTokenType.StartObject) call.Skip();
        else
        {
            while (call.ReadName())
            {
                var isFunction = call.Name.SequenceEqual("function"u8);
                call.Read();
                if (isFunction) good &= Function(ref call);
                else call.Skip();
            }
        }

        return good;
    }

    private static bool Function(ref JsonCursor function)
    {
        var good = true;
        if (function.Kind != JsonTokenType.StartObject) function.Skip();
        else
        {
            while (function.ReadName())
            {
                var isArguments = function.Name.SequenceEqual("arguments"u8);
                function.Read();
                if (isArguments && function.Kind == JsonTokenType.String) good &= IsJson(function.Text);
                function.Skip();
            }
        }

        return good;
    }

    // Some providers send nothing at all for a function without parameters.
    private static bool IsJson(ReadOnlySpan<byte> escaped)
    {
        if (escaped.IsEmpty) return true;
        var plain = new ByteBuffer(escaped.Length);
        JsonEscapes.AppendUnescaped(plain, escaped);
        try
        {
            var cursor = new JsonCursor(plain.Span);
            while (cursor.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
