using Microsoft.Extensions.Options;

namespace OrleansCache.Core.Keys;

/// <summary>
/// Tells operators why requests have the keys they have. Never throws for what a body holds and never returns values, only paths.
/// </summary>
public sealed class PromptExplainer(IOptions<PromptKeyOptions> options)
{
    /// <summary>The most differences that are listed.</summary>
    public const int MaxDifferences = 50;

    /// <summary>Which top-level fields count in the key of a request, which do not, and why.</summary>
    public PromptDescription Describe(PromptEndpoint endpoint, ReadOnlySpan<byte> body)
    {
        var (fields, isComplete) = new PromptLeafReader(PromptFields.For(endpoint), body, options.Value).ReadFields();
        return new PromptDescription([.. fields.Select(Judge)], isComplete);
    }

    /// <summary>Which leaves that count differ between two requests. A body that breaks off counts as far as it goes.</summary>
    /// <param name="endpoint">The endpoint of both.</param>
    /// <param name="first">For example the request that missed.</param>
    /// <param name="second">For example the request of a stored entry.</param>
    public PromptComparison Compare(PromptEndpoint endpoint, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var fields = PromptFields.For(endpoint);
        var left = new PromptLeafReader(fields, first, options.Value).ReadLeaves();
        var right = new PromptLeafReader(fields, second, options.Value).ReadLeaves();

        List<PromptDifference> differences = [];
        foreach (var (path, value) in left)
        {
            if (!right.TryGetValue(path, out var other)) differences.Add(new PromptDifference(path, PromptDifferenceKind.Missing));
            else if (other != value) differences.Add(new PromptDifference(path, PromptDifferenceKind.Changed));
        }

        differences.AddRange(right.Keys.Where(path => !left.ContainsKey(path)).Select(path => new PromptDifference(path, PromptDifferenceKind.Added)));
        var all = left.Count + differences.Count(d => d.Kind == PromptDifferenceKind.Added);
        var similarity = all == 0 ? 1 : (double)(all - differences.Count) / all;
        return new PromptComparison([.. differences.Take(MaxDifferences)], differences.Count, similarity);
    }

    private static PromptFieldVerdict Judge((string Name, PromptField? Field) field) => field.Field switch
    {
        null => new PromptFieldVerdict(field.Name, true, "not a field this version knows: it counts to be safe"),
        { Ignored: { } why } => new PromptFieldVerdict(field.Name, false, why),
        _ => new PromptFieldVerdict(field.Name, true, "can change the answer"),
    };
}
