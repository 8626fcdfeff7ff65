using System.Text.RegularExpressions;

namespace OrleansCache.Standalone;

/// <summary>
/// What the configuration binder says of a value that it cannot read: it names the setting and the value; what may be written instead
/// is added here.
/// </summary>
internal static partial class BindingFaults
{
    public static string Explain(string message)
    {
        var match = Unreadable().Match(message);
        if (!match.Success) return message;
        return $"{match.Groups["setting"].Value} is '{match.Groups["value"].Value}'; it must be {Describe(match.Groups["type"].Value)}.";
    }

    [GeneratedRegex(
        "^Failed to convert configuration value '(?<value>.*)' at '(?<setting>[^']*)' to type '(?<type>[^']*)'\\.$",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unreadable();

    private static string Describe(string type) => type switch
    {
        "System.TimeSpan" => "a time, as 00:01:30 or 1.12:00:00 (d.hh:mm:ss)",
        "System.Boolean" => "true or false",
        "System.Int32" or "System.Int64" => "a whole number",
        "System.Double" or "System.Decimal" => "a number",
        _ when Find(type) is { IsEnum: true } words => $"one of {string.Join(", ", Enum.GetNames(words))}",
        _ => $"a {type}",
    };

    private static Type? Find(string type) =>
        AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetType(type)).FirstOrDefault(static found => found is not null);
}
