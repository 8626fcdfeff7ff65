using System.Buffers;

namespace OrleansCache.Core.Upstream;

/// <summary>Which values of headers can be handed on: servers and proxies reject control characters, and disagree about all beyond ASCII.</summary>
public static class HeaderText
{
    private static readonly SearchValues<char> Visible = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(static c => (char)c)]);

    /// <summary>Whether the text is made of visible ASCII characters and spaces alone.</summary>
    public static bool IsPlain(string text) => !text.AsSpan().ContainsAnyExcept(Visible);
}
