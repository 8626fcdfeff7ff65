using System.Text.Json;
using OrleansCache.Core.Prompts.Answers.Json;

namespace OrleansCache.Core.Prompts.Answers.Unfolding;

/// <summary>A field of the plain answer: its name in canonical form, and where its value is written.</summary>
internal sealed record Field(byte[] Name, JsonTokenType Kind, ReadOnlyMemory<byte> Value)
{
    public bool IsNull => Kind == JsonTokenType.Null;

    public bool IsStructure => Kind is JsonTokenType.StartObject or JsonTokenType.StartArray;

    /// <summary>The inside of a string, in canonical form.</summary>
    public ReadOnlyMemory<byte> Text() => JsonCompactor.Canonical(Value[1..^1]);

    public bool Says(ReadOnlySpan<byte> text) => Kind == JsonTokenType.String && Text().Span.SequenceEqual(text);

    public bool Is(ReadOnlySpan<byte> name) => name.SequenceEqual(Name);

    public void WriteTo(ByteBuffer output)
    {
        output.Name(Name);
        JsonCompactor.Append(output, Value.Span);
    }

    /// <summary>The fields of an object; empty for anything else.</summary>
    public static List<Field> Of(ReadOnlyMemory<byte> json)
    {
        var fields = new List<Field>();
        var cursor = new JsonCursor(json.Span);
        if (!cursor.Read() || cursor.Kind != JsonTokenType.StartObject) return fields;
        while (cursor.ReadName())
        {
            var name = cursor.Name.ToArray();
            cursor.Read();
            var kind = cursor.Kind;
            fields.Add(new Field(name, kind, json[cursor.TakeRange()]));
        }

        return fields;
    }

    /// <summary>The elements of an array, as they are written; empty for anything else.</summary>
    /// <param name="json">The array.</param>
    /// <param name="kind">The kind that all elements have to have, or none at all.</param>
    public static List<ReadOnlyMemory<byte>> Elements(ReadOnlyMemory<byte> json, JsonTokenType kind = JsonTokenType.None)
    {
        var elements = new List<ReadOnlyMemory<byte>>();
        var cursor = new JsonCursor(json.Span);
        if (!cursor.Read() || cursor.Kind != JsonTokenType.StartArray) return elements;
        while (cursor.ReadElement())
        {
            if (kind != JsonTokenType.None && cursor.Kind != kind) return [];
            elements.Add(json[cursor.TakeRange()]);
        }

        return elements;
    }
}
