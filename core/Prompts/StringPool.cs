using System.Collections.Concurrent;
using System.Text;

namespace OrleansCache.Core.Prompts;

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

    private readonly int _capacity = capacity > 0
        ? capacity
        : throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "A pool holds at least one string.");

    private Generation _generation = new();

    /// <summary>How many strings are held now. Takes locks: for tests and statistics.</summary>
    public int Count => Volatile.Read(ref _generation).Strings.Count;

    /// <summary>The shared string of this text; the given one if it is the first.</summary>
    public string Intern(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length is 0 or > LongestText) return text;
        var generation = Volatile.Read(ref _generation);
        return generation.Strings.TryGetValue(text, out var known) ? known : Share(generation, text);
    }

    /// <summary>The shared string of this text. Invalid UTF-8 is read as U+FFFD, as .NET does.</summary>
    public string Intern(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > LongestText) return Encoding.UTF8.GetString(utf8);
        Span<char> buffer = stackalloc char[LongestText];
        ReadOnlySpan<char> text = buffer[..Encoding.UTF8.GetChars(utf8, buffer)];
        var generation = Volatile.Read(ref _generation);
        return generation.ByText.TryGetValue(text, out var known) ? known : Share(generation, text.ToString());
    }

    private string Share(Generation generation, string text)
    {
        while (Interlocked.Increment(ref generation.Reserved) > _capacity)
        {
            var next = new Generation();
            var current = Interlocked.CompareExchange(ref _generation, next, generation);
            generation = ReferenceEquals(current, generation) ? next : current;
        }

        var shared = generation.Strings.GetOrAdd(text, text);
        if (!ReferenceEquals(shared, text)) Interlocked.Decrement(ref generation.Reserved);
        return shared;
    }

    private sealed class Generation
    {
        public Generation() => ByText = Strings.GetAlternateLookup<ReadOnlySpan<char>>();

        public ConcurrentDictionary<string, string> Strings { get; } = new(StringComparer.Ordinal);

        public ConcurrentDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> ByText { get; }

        public int Reserved;
    }
}
