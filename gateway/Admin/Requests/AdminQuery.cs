using System.Globalization;
using Microsoft.AspNetCore.Http;
using OrleansCache.Gateway.Admin.Access;

namespace OrleansCache.Gateway.Admin.Requests;

/// <summary>The query of an admin request, read strictly: a mistyped name must not widen what is exported.</summary>
internal static class AdminQuery
{
    public static void Check(HttpRequest request, params ReadOnlySpan<string> known)
    {
        foreach (var (name, values) in request.Query)
        {
            if (!known.Contains(name))
            {
                var names = known.Length == 0 ? "none" : string.Join(", ", known!);
                throw AdminException.BadRequest($"'{name}' is not a query parameter here. Known are: {names}.", "unknown_parameter", name);
            }

            if (values.Count != 1) throw AdminException.BadRequest($"'{name}' comes {values.Count} times; send it once.", "invalid_value", name);
        }
    }

    public static string? Text(HttpRequest request, string name)
    {
        if (request.Query[name] is not [{ } text]) return null;
        return text.Length is > 0 and <= 256 && !text.Any(char.IsControl)
            ? text
            : throw AdminFields.Wrong(name, "1 to 256 characters, none of them a control character");
    }

    public static bool Flag(HttpRequest request, string name) => request.Query[name] switch
    {
        [] or ["false"] => false,
        ["true"] => true,
        _ => throw AdminFields.Wrong(name, "true or false"),
    };

    public static int Number(HttpRequest request, string name, int least, int most, int otherwise) => request.Query[name] switch
    {
        [] => otherwise,
        [{ } text] when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most => number,
        _ => throw AdminFields.Wrong(name, $"a whole number from {least} to {most}"),
    };
}
