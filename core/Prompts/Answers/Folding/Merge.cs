using System.Text.Json;
using OrleansCache.Core.Prompts.Answers.Json;

namespace OrleansCache.Core.Prompts.Answers.Folding;

/// <summary>Merges the values of a chunk into the answer so far, after the manner of the OpenAI clients' <c>accumulate_delta</c>.</summary>
internal static class Merge
{
    /// <summary>Merges every field of the object that begins at the cursor.</summary>
    /// <param name="target">What has been folded so far.</param>
    /// <param name="cursor">Stands at the object.</param>
    /// <param name="rule">How its fields are merged.</param>
    /// <param name="isToolCall">Leaves out <c>index</c>: plain answers don't have it in tool calls.</param>
    public static void Fields(MapNode target, ref JsonCursor cursor, FoldRule rule, bool isToolCall = false)
    {
        while (cursor.ReadName())
        {
            var name = cursor.Name;
            cursor.Read();
            if (isToolCall && name.SequenceEqual("index"u8)) cursor.Skip();
            else Field(target, name, ref cursor, rule);
        }
    }

    /// <summary>Merges the value at the cursor into a field.</summary>
    /// <exception cref="MixedKindsException">A delta's field changed its kind.</exception>
    public static void Field(MapNode target, ReadOnlySpan<byte> name, ref JsonCursor cursor, FoldRule rule)
    {
        ref var slot = ref target.At(name);
        slot = (cursor.Kind, rule) switch
        {
            (JsonTokenType.Null, _) => slot ?? new RawNode("null"u8),
            (JsonTokenType.String, FoldRule.Delta) when !Names.Contains(Names.Identity, name) => Text(slot, ref cursor),
            (JsonTokenType.StartObject, not FoldRule.Latest) => Object(slot, ref cursor, rule),
            (JsonTokenType.StartArray, FoldRule.Append or FoldRule.Delta) => Elements(slot, ref cursor, rule),
            _ => Whole(slot, cursor.TakeValue(), rule),
        };
    }

    /// <summary>The node to merge into: the one there is if it is of the kind, else a new one where nothing is destroyed.</summary>
    public static T? Into<T>(FoldNode? current, FoldRule rule, bool hasContent = true)
        where T : FoldNode, new()
    {
        if (current is T same) return same;
        if (current is null or { IsVacant: true } || rule != FoldRule.Delta) return new T();
        return hasContent ? throw new MixedKindsException() : null;
    }

    private static FoldNode Text(FoldNode? current, ref JsonCursor cursor)
    {
        var text = Into<TextNode>(current, FoldRule.Delta, hasContent: !cursor.Text.IsEmpty);
        text?.Append(cursor.Text);
        return text ?? current!;
    }

    private static MapNode Object(FoldNode? current, ref JsonCursor cursor, FoldRule rule)
    {
        var map = Into<MapNode>(current, rule)!;
        Fields(map, ref cursor, rule);
        return map;
    }

    private static ListNode Elements(FoldNode? current, ref JsonCursor cursor, FoldRule rule)
    {
        var list = Into<ListNode>(current, rule)!;
        // Elements of one chunk are different elements, even if a provider gives them the same index.
        var before = list.Count;
        while (cursor.ReadElement())
        {
            if (rule == FoldRule.Delta && cursor.Kind == JsonTokenType.StartObject && cursor.PeekIndex() is { } index)
            {
                var element = list.Find(index, before);
                if (element is null) list.Add(element = new MapNode(index));
                Fields(element, ref cursor, rule);
            }
            else
            {
                list.Add(new RawNode(cursor.TakeValue()));
            }
        }

        return list;
    }

    private static RawNode Whole(FoldNode? current, ReadOnlySpan<byte> json, FoldRule rule)
    {
        if (current is RawNode raw)
        {
            raw.Replace(json);
            return raw;
        }

        if (current is not (null or { IsVacant: true }) && rule == FoldRule.Delta) throw new MixedKindsException();
        return new RawNode(json);
    }
}

/// <summary>A field of a delta changed its kind, so that joining would lose something. Never leaves the folder.</summary>
internal sealed class MixedKindsException : Exception;
