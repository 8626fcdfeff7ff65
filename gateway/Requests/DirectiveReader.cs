using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using OrleansCache.Core.Prompts;
using OrleansCache.Gateway.Errors;

namespace OrleansCache.Gateway.Requests;

/// <summary>
/// Reads <c>Cache-Control</c> (RFC 9111, section 5.2.1) and <c>x-cache-ttl</c>. Directives that nobody here knows are left alone, as
/// the RFC asks; one that is known but malformed is refused rather than guessed.
/// </summary>
internal static class DirectiveReader
{
    public const string TtlHeader = "x-cache-ttl";

    private const long MaxSeconds = 10L * 366 * 86400;

    public static bool TryRead(IHeaderDictionary headers, out CacheDirectives directives, out Refusal? refusal)
    {
        directives = CacheDirectives.None;
        refusal = null;
        var control = headers.CacheControl;
        if (control.Count > 0 && !TryReadControl(control, ref directives))
        {
            refusal = Refusals.BadHeader(
                "Cache-Control", "The max-age in the Cache-Control header is malformed. Write it as max-age=N with N in whole seconds.");
            return false;
        }

        if (!headers.TryGetValue(TtlHeader, out var ttl)) return true;
        if (!TryReadSeconds(ttl.ToString(), out var seconds) || seconds == 0)
        {
            refusal = Refusals.BadHeader(
                TtlHeader, "The x-cache-ttl header is malformed. Write it as a whole number of seconds greater than 0.");
            return false;
        }

        directives = directives with { Ttl = TimeSpan.FromSeconds(seconds) };
        return true;
    }

    private static bool TryReadControl(in StringValues control, ref CacheDirectives directives)
    {
        foreach (var line in control)
        {
            foreach (var range in line.AsSpan().Split(','))
                if (!TryReadOne(line.AsSpan(range).Trim(), ref directives)) return false;
        }

        return true;
    }

    private static bool TryReadOne(ReadOnlySpan<char> directive, ref CacheDirectives directives)
    {
        var equals = directive.IndexOf('=');
        var name = (equals < 0 ? directive : directive[..equals]).TrimEnd();
        if (Is(name, "no-cache")) directives = directives with { NoCache = true };
        else if (Is(name, "no-store")) directives = directives with { NoStore = true };
        else if (Is(name, "only-if-cached")) directives = directives with { OnlyIfCached = true };
        else if (Is(name, "max-age"))
        {
            if (equals < 0 || !TryReadSeconds(Unquote(directive[(equals + 1)..].Trim()), out var seconds)) return false;
            var age = TimeSpan.FromSeconds(seconds);
            if (directives.MaxAge is not { } known || age < known) directives = directives with { MaxAge = age };
        }

        return true;
    }

    private static bool Is(ReadOnlySpan<char> name, string directive) => name.Equals(directive, StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> Unquote(ReadOnlySpan<char> value) =>
        value is ['"', .. var inner, '"'] ? inner : value;

    // More digits than any number of seconds needs is "for ever", not an error (RFC 9111, section 1.2.2).
    private static bool TryReadSeconds(ReadOnlySpan<char> text, out long seconds)
    {
        seconds = MaxSeconds;
        if (text.IsEmpty || text.ContainsAnyExceptInRange('0', '9')) return false;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed)) seconds = Math.Min(parsed, MaxSeconds);
        return true;
    }
}
