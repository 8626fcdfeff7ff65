namespace OrleansCache.Core;

/// <summary>Names of models in settings; one <c>*</c> at the end matches any rest.</summary>
public static class ModelPattern
{
    /// <summary>Whether the pattern names the model. Letter case counts.</summary>
    public static bool Matches(string pattern, string model) =>
        pattern.EndsWith('*') ? model.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1)) : pattern == model;

    /// <summary>Whether it is a pattern: not empty, and a <c>*</c> nowhere but at its end.</summary>
    public static bool IsValid(string pattern) => pattern.Length > 0 && !pattern.AsSpan(0, pattern.Length - 1).Contains('*');

    /// <summary>Whether one of the patterns names the model; no pattern at all names any.</summary>
    internal static bool MatchesAny(List<string> patterns, string model)
    {
        if (patterns.Count == 0) return true;
        foreach (var pattern in patterns)
        {
            if (Matches(pattern, model)) return true;
        }

        return false;
    }
}
