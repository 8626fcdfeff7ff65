using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace OrleansCache.Core.Keys;

/// <summary>What can be wrong with a body, in OpenAI's words. Names of known fields and positions only: never text of the body.</summary>
internal static class PromptErrors
{
    public static InvalidPromptException Empty() =>
        new("The request's body is empty; send a JSON object.", "invalid_json");

    public static InvalidPromptException ByteOrderMark() =>
        new("The body begins with a UTF-8 byte order mark, which JSON does not allow; send it without its first three bytes.", "invalid_json");

    public static InvalidPromptException NotAnObject(JsonTokenType token) =>
        new($"The body must be a JSON object, but it is {JsonKindsText.KindOf(token).Describe()}.", "invalid_type");

    public static InvalidPromptException Malformed(JsonException error) =>
        new($"The body is not valid JSON at line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}.", "invalid_json");

    public static InvalidPromptException TooDeep(int maxDepth) =>
        new($"The body nests deeper than {maxDepth} levels.", "json_too_deep");

    public static InvalidPromptException InvalidUtf8(ReadOnlySpan<byte> body) =>
        new($"The body is not valid UTF-8 at byte {IndexOfInvalid(body) + 1}.", "invalid_utf8");

    public static InvalidPromptException Missing(string field) =>
        new($"Missing required parameter: '{field}'.", "missing_required_parameter", field);

    public static InvalidPromptException WrongKind(string field, JsonKinds expected, JsonKinds got) =>
        new($"Invalid type for '{field}': expected {expected.Describe()}, but got {got.Describe()} instead.", "invalid_type", field);

    public static InvalidPromptException EmptyArray(string field) =>
        new($"Invalid '{field}': expected an array with at least one element, but got an empty array instead.", "invalid_value", field);

    public static InvalidPromptException BadModel(string what) =>
        new($"Invalid 'model': {what}.", "invalid_value", "model");

    private static int IndexOfInvalid(ReadOnlySpan<byte> body)
    {
        Span<char> chars = stackalloc char[1024];
        var at = 0;
        while (at < body.Length)
        {
            var status = Utf8.ToUtf16(body[at..], chars, out var read, out _, replaceInvalidSequences: false);
            at += read;
            if (status is OperationStatus.InvalidData or OperationStatus.NeedMoreData) break;
        }

        return at;
    }
}
