using System.Text;

namespace OrleansCache.Core;

/// <summary>
/// Hands out one string for equal texts, so that many completions share their scope and model. Bounded: when it is full it starts
/// again empty, so names that are no longer asked for, or were made up by a caller to fill it, are not kept for good. Strings
/// handed out stay valid; at worst a text has one copy more. Safe for any number of threads; a text that is known costs no
/// lock and no allocation.
/// </summary>
/// <param name="capacity">How many strings at most; at least 1.</param>
public sealed class StringPool(int capacity)
{
    /// <summary>Longer texts, in characters (bytes for UTF-8), are handed back unshared.</summary>
    public const int LongestText = 256;

    private readonly SharingPool<string> _pool = new(capacity);

    /// <summary>How many strings are held now. Takes locks: for tests and statistics.</summary>
    public int Count => _pool.Values.Count;

    /// <summary>The shared string of this text; the given one if it is the first.</summary>
    public string Intern(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is 0 or > LongestText ? text : _pool.Share(text);
    }

    /// <summary>The shared string of this text. Invalid UTF-8 is read as U+FFFD, as .NET does.</summary>
    public string Intern(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > LongestText) return Encoding.UTF8.GetString(utf8);
        Span<char> buffer = stackalloc char[LongestText];
        ReadOnlySpan<char> text = buffer[..Encoding.UTF8.GetChars(utf8, buffer)];
        var byText = _pool.Values.GetAlternateLookup<ReadOnlySpan<char>>();
        return byText.TryGetValue(text, out var known) ? known : _pool.Share(text.ToString());
    }
}
