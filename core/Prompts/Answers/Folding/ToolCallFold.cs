using System.Text.Json;
using OrleansCache.Core.Prompts.Answers.Json;

namespace OrleansCache.Core.Prompts.Answers.Folding;

/// <summary>
/// Puts fragments of tool calls together. A fragment belongs to the call of its <c>index</c>; of a provider that sends none, to
/// the call of its <c>id</c>; without either, a fragment with a function name begins a call and one without continues the last.
/// </summary>
internal static class ToolCallFold
{
    public static void Add(MapNode message, ref JsonCursor cursor)
    {
        ref var slot = ref message.At("tool_calls"u8);
        var calls = Merge.Into<ListNode>(slot, FoldRule.Delta)!;
        slot = calls;
        while (cursor.ReadElement())
        {
            if (cursor.Kind == JsonTokenType.StartObject)
                Merge.Fields(CallOf(calls, cursor), ref cursor, FoldRule.Delta, isToolCall: true);
            else
                calls.Add(new RawNode(cursor.TakeValue()));
        }
    }

    private static MapNode CallOf(ListNode calls, JsonCursor fragment)
    {
        if (fragment.PeekIndex() is { } index) return calls.Find(index, calls.Count) ?? calls.Insert(index);
        var begins = false;
        while (fragment.ReadName())
        {
            var name = fragment.Name;
            fragment.Read();
            if (name.SequenceEqual("id"u8) && fragment.Kind == JsonTokenType.String && !fragment.Text.IsEmpty)
                return calls.FindId(fragment.TakeValue()) ?? calls.Insert(calls.NextIndex);
            if (name.SequenceEqual("function"u8) && fragment.Kind == JsonTokenType.StartObject) begins = HasName(ref fragment);
            else fragment.Skip();
        }

        return begins || calls.Last is null ? calls.Insert(calls.NextIndex) : calls.Last;
    }

    private static bool HasName(ref JsonCursor function)
    {
        var named = false;
        while (function.ReadName())
        {
            var isName = function.Name.SequenceEqual("name"u8);
            function.Read();
            named |= isName && function.Kind == JsonTokenType.String && !function.Text.IsEmpty;
            function.Skip();
        }

        return named;
    }
}
