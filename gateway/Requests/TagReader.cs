using Microsoft.AspNetCore.Http;
using OrleansCache.Core.Prompts;
using OrleansCache.Gateway.Errors;

namespace OrleansCache.Gateway.Requests;

/// <summary>Labels for purge: <c>x-cache-tags: a,b</c>.</summary>
internal static class TagReader
{
    public const string Header = "x-cache-tags";

    public const int MaxTags = 16;

    public const int MaxLength = 64;

    private static readonly Refusal Malformed = Refusals.BadHeader(
        Header,
        $"The x-cache-tags header is malformed. Write at most {MaxTags} tags separated by commas, each of 1 to {MaxLength} visible ASCII characters.");

    public static bool TryRead(IHeaderDictionary headers, out string[] tags, out Refusal? refusal)
    {
        tags = [];
        refusal = null;
        if (!headers.TryGetValue(Header, out var value)) return true;
        var read = value.ToString().Split(',', MaxTags + 1, StringSplitOptions.TrimEntries);
        if (read.Length > MaxTags || !Array.TrueForAll(read, IsValid))
        {
            refusal = Malformed;
            return false;
        }

        tags = read.Distinct(StringComparer.Ordinal).ToArray();
        return true;
    }

    private static bool IsValid(string tag) =>
        tag.Length is > 0 and <= MaxLength && !tag.AsSpan().ContainsAnyExceptInRange('!', '~');
}
