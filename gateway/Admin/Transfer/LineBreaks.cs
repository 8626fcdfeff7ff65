namespace OrleansCache.Gateway.Admin.Transfer;

/// <summary>
/// Brings JSON that spans lines onto one line and back, byte for byte. Line breaks and tabs stand in JSON only between tokens, so
/// they may be written as other white space: LF as tab and space, CR as two tabs and space, tab as three tabs. What is written so
/// is the same JSON to every reader.
/// </summary>
internal static class LineBreaks
{
    /// <summary>The value of <c>line_breaks</c> on a line that is written so.</summary>
    public const string Tabs = "tabs";

    /// <summary>Whether JSON cannot stand on a line as it is: it spans lines, or has white space around it that a reader would drop.</summary>
    public static bool NeedTabs(ReadOnlySpan<byte> json) =>
        json.IndexOfAny((byte)'\n', (byte)'\r') >= 0 || json.Trim(" \t"u8).Length != json.Length;

    public static byte[] ToTabs(ReadOnlySpan<byte> json)
    {
        var line = new byte[json.Length * 3];
        var length = 0;
        foreach (var b in json)
        {
            ReadOnlySpan<byte> code = b switch
            {
                (byte)'\n' => "\t "u8,
                (byte)'\r' => "\t\t "u8,
                (byte)'\t' => "\t\t\t"u8,
                _ => [b],
            };
            code.CopyTo(line.AsSpan(length));
            length += code.Length;
        }

        return line[..length];
    }

    /// <returns>Null when these tabs were not written by <see cref="ToTabs"/>.</returns>
    public static byte[]? FromTabs(ReadOnlySpan<byte> line)
    {
        var json = new byte[line.Length];
        var length = 0;
        while (!line.IsEmpty)
        {
            var (b, used) = line switch
            {
                [(byte)'\t', (byte)' ', ..] => ((byte)'\n', 2),
                [(byte)'\t', (byte)'\t', (byte)' ', ..] => ((byte)'\r', 3),
                [(byte)'\t', (byte)'\t', (byte)'\t', ..] => ((byte)'\t', 3),
                [(byte)'\t', ..] => default,
                _ => (line[0], 1),
            };
            if (used == 0) return null;
            json[length++] = b;
            line = line[used..];
        }

        return json[..length];
    }
}
