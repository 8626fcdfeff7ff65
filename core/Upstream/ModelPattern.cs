namespace OrleansCache.Core.Upstream;

/// <summary>Names of models, one <c>*</c> at the end of each matching any rest.</summary>
internal static class ModelPattern
{
    /// <summary>Whether one of the patterns matches; no pattern at all matches anything.</summary>
    public static bool Matches(List<string> patterns, string model)
    {
        if (patterns.Count == 0) return true;
        foreach (var pattern in patterns)
        {
            if (pattern.EndsWith('*') ? model.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1)) : model == pattern) return true;
        }

        return false;
    }
}
