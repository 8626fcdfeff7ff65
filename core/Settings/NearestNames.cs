namespace OrleansCache.Core.Settings;

/// <summary>What somebody who misspelt a name may have meant.</summary>
internal static class NearestNames
{
    private const int Most = 3;

    /// <summary>The names that are alike, the likeliest first; all when none is.</summary>
    public static IReadOnlyList<string> Of(string misspelt, IEnumerable<string> names)
    {
        var all = names.Distinct().Order(StringComparer.Ordinal).ToList();
        var alike = all.Select(name => (Name: name, Distance: Distance(misspelt, name)))
            .Where(static pair => pair.Distance <= Math.Max(2, pair.Name.Length / 3))
            .OrderBy(static pair => pair.Distance)
            .Select(static pair => pair.Name)
            .Take(Most)
            .ToList();
        return alike.Count > 0 ? alike : all;
    }

    // Levenshtein's: the fewest letters to put in, take out or replace that make one of the other.
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 0; i < from.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 0; j < to.Length; j++)
            {
                var replaced = diagonal + (char.ToUpperInvariant(from[i]) == char.ToUpperInvariant(to[j]) ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, Math.Min(row[j], diagonal) + 1);
            }
        }

        return row[^1];
    }
}
