using System.Globalization;

namespace OrleansCache.Gateway.Answers;

/// <summary>The text of numbers; the small ones, which most ages are, are made once.</summary>
internal static class SmallNumbers
{
    private static readonly string[] Known = Make();

    public static string Text(long number) =>
        (ulong)number < (ulong)Known.Length ? Known[number] : number.ToString(CultureInfo.InvariantCulture);

    private static string[] Make()
    {
        var known = new string[1024];
        for (var i = 0; i < known.Length; i++) known[i] = i.ToString(CultureInfo.InvariantCulture);
        return known;
    }
}
