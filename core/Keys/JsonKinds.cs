using System.Text.Json;

namespace OrleansCache.Core.Keys;

/// <summary>Kinds of JSON values.</summary>
[Flags]
internal enum JsonKinds
{
    None = 0,
    String = 1,
    Number = 2,
    Boolean = 4,
    Object = 8,
    Array = 16,
    Null = 32,
}

internal static class JsonKindsText
{
    private static readonly (JsonKinds Kind, string Text)[] Texts =
    [
        (JsonKinds.String, "a string"),
        (JsonKinds.Number, "a number"),
        (JsonKinds.Boolean, "a boolean"),
        (JsonKinds.Object, "an object"),
        (JsonKinds.Array, "an array"),
        (JsonKinds.Null, "null"),
    ];

    /// <summary>The kind of the value that a token is or begins.</summary>
    public static JsonKinds KindOf(JsonTokenType token) => token switch
    {
        JsonTokenType.String => JsonKinds.String,
        JsonTokenType.Number => JsonKinds.Number,
        JsonTokenType.True or JsonTokenType.False => JsonKinds.Boolean,
        JsonTokenType.StartObject => JsonKinds.Object,
        JsonTokenType.StartArray => JsonKinds.Array,
        JsonTokenType.Null => JsonKinds.Null,
        _ => JsonKinds.None,
    };

    /// <summary>Whether a kind is among these.</summary>
    public static bool Allows(this JsonKinds kinds, JsonKinds kind) => (kinds & kind) != JsonKinds.None;

    /// <summary>For messages: <c>a string or an array</c>.</summary>
    public static string Describe(this JsonKinds kinds) =>
        string.Join(" or ", Texts.Where(t => kinds.Allows(t.Kind)).Select(t => t.Text));
}
