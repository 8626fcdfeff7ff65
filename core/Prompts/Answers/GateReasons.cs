namespace OrleansCache.Core.Prompts.Answers;

/// <summary>Why an answer is delivered but not stored: a closed set, used as a metric tag.</summary>
public static class GateReasons
{
    /// <summary>The status is not 2xx.</summary>
    public const string Status = "status";

    /// <summary>The stream broke off, or could not be folded.</summary>
    public const string Truncated = "truncated";

    /// <summary>Nothing in it: no body, a choice without message or text, no embeddings.</summary>
    public const string Empty = "empty";

    /// <summary>The body is not a JSON object in valid UTF-8 of at most 64 levels.</summary>
    public const string NotJson = "not_json";

    /// <summary>A success by status with an error inside, or a choice that finished with one.</summary>
    public const string ErrorBody = "error_body";

    /// <summary>No choice.</summary>
    public const string NoChoices = "no_choices";

    /// <summary>A choice without a finish reason.</summary>
    public const string NoFinishReason = "no_finish_reason";

    /// <summary>A choice that the provider's content filter cut.</summary>
    public const string ContentFilter = "content_filter";

    /// <summary>Arguments of a tool call that are not JSON.</summary>
    public const string BadToolArguments = "bad_tool_arguments";

    /// <summary>Every reason.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Status, Truncated, Empty, NotJson, ErrorBody, NoChoices, NoFinishReason, ContentFilter, BadToolArguments];
}
