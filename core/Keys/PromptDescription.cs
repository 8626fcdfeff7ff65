namespace OrleansCache.Core.Keys;

/// <summary>What a request's fields do to its key. Names only, never values.</summary>
/// <param name="Fields">The top-level fields in the order they came.</param>
/// <param name="IsComplete">False when the body is not a JSON object to its end: the fields are those before the fault.</param>
public sealed record PromptDescription(IReadOnlyList<PromptFieldVerdict> Fields, bool IsComplete);

/// <summary>Whether a field counts.</summary>
/// <param name="Name">The field's name; cut when it is very long.</param>
/// <param name="Counted">Whether its value is part of the key.</param>
/// <param name="Reason">Why.</param>
public sealed record PromptFieldVerdict(string Name, bool Counted, string Reason);

/// <summary>How two requests to one endpoint differ. Paths only, never values.</summary>
/// <param name="Differences">The leaves that differ, in the order of the first request, at most <see cref="PromptExplainer.MaxDifferences"/>.</param>
/// <param name="Total">How many differ.</param>
/// <param name="Similarity">Share of equal leaves among all leaves of both that count: 0 to 1.</param>
public sealed record PromptComparison(IReadOnlyList<PromptDifference> Differences, int Total, double Similarity);

/// <summary>A leaf that differs.</summary>
/// <param name="Path">Where, for example <c>messages[1].content</c>; a name that came twice has <c>#2</c> behind it.</param>
/// <param name="Kind">How.</param>
public sealed record PromptDifference(string Path, PromptDifferenceKind Kind);

/// <summary>How a leaf differs.</summary>
public enum PromptDifferenceKind
{
    /// <summary>Both have it, with different values.</summary>
    Changed,

    /// <summary>Only the second has it.</summary>
    Added,

    /// <summary>Only the first has it.</summary>
    Missing,
}
