namespace OrleansCache.Core.Prompts.Answers;

/// <summary>Why a stream could not be folded into a plain answer; values of <see cref="StreamFolder.Fault"/>.</summary>
public static class FoldFaults
{
    /// <summary>An event that is not JSON, not valid UTF-8, deeper than 64 levels, or no chunk.</summary>
    public const string MalformedChunk = "malformed_chunk";

    /// <summary>An event that is JSON, but not an object.</summary>
    public const string NotAnObject = "not_an_object";

    /// <summary>The upstream reported an error in mid-stream.</summary>
    public const string ErrorEvent = "error_event";

    /// <summary>A field changed its kind from one delta to the next, so that joining would lose something.</summary>
    public const string MixedKinds = "mixed_kinds";

    /// <summary>The endpoint has no streamed form.</summary>
    public const string NotStreamable = "not_streamable";
}
