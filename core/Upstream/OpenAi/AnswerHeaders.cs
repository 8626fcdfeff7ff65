using System.Net.Http.Headers;

namespace OrleansCache.Core.Upstream.OpenAi;

/// <summary>Which of a provider's headers are handed on.</summary>
internal static class AnswerHeaders
{
    // The names of the account behind the key are the operator's, not the caller's.
    private static readonly string[] Private = ["openai-organization", "openai-project"];
    private static readonly string[] Names = ["retry-after", "retry-after-ms", "x-ms-retry-after-ms", "x-request-id", "x-should-retry"];
    private static readonly string[] Prefixes = ["x-ratelimit-", "openai-"];

    public static IReadOnlyList<KeyValuePair<string, string>> Select(HttpResponseHeaders headers)
    {
        List<KeyValuePair<string, string>>? kept = null;
        foreach (var header in headers.NonValidated)
        {
            if (!IsKept(header.Key)) continue;
            var value = header.Value.ToString();
            if (HeaderText.IsPlain(value)) (kept ??= []).Add(new(header.Key.ToLowerInvariant(), value));
        }

        return kept is null ? [] : kept;
    }

    /// <summary>As <see cref="Select(HttpResponseHeaders)"/>, of headers that a file told: it may have been written by hand.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Select(IEnumerable<KeyValuePair<string, string>> headers) =>
        [.. headers.Where(static h => IsKept(h.Key) && HeaderText.IsPlain(h.Value) && h.Key.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-'))];

    private static bool IsKept(string name)
    {
        if (Contains(Names, name)) return true;
        foreach (var prefix in Prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) return !Contains(Private, name);
        }

        return false;
    }

    private static bool Contains(string[] names, string name)
    {
        foreach (var known in names)
        {
            if (known.Equals(name, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
