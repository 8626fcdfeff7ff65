using System.Text;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Core.Storage;

/// <summary>Text that both databases keep unchanged: no NUL (Postgres has none in text) and no half of a surrogate pair.</summary>
internal static class StorableText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="StoreException">Not transient: the entry can never be written.</exception>
    public static void Check(StoredCompletion entry)
    {
        Check(entry.Completion.Scope, "scope");
        Check(entry.Completion.Model, "model");
        foreach (var tag in entry.Completion.Tags) Check(tag, "tag");
    }

    private static void Check(string text, string field)
    {
        if (text.Contains('\0')) throw new StoreException($"The {field} contains a NUL character and cannot be stored.", isTransient: false);
        try
        {
            Strict.GetByteCount(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new StoreException($"The {field} is not valid Unicode and cannot be stored.", isTransient: false, e);
        }
    }
}
