using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OrleansCache.Core.Tests.Prompts.Answers;

/// <summary>JSON for tests: a tree of objects, lists, strings, raw values, and null, written in any style; equality to the last digit.</summary>
internal static class TestJson
{
    /// <summary>A number or a literal as it is spelled.</summary>
    internal sealed record Raw(string Text);

    internal sealed class Obj : List<KeyValuePair<string, object?>>
    {
        public object? this[string name]
        {
            get => Find(f => f.Key == name).Value;
            set
            {
                var at = FindIndex(f => f.Key == name);
                if (at < 0) Add(new(name, value));
                else base[at] = new(name, value);
            }
        }

        public bool Has(string name) => Exists(f => f.Key == name);
    }

    /// <summary>Writes a tree; with a style, white space and escapes are random.</summary>
    public static byte[] Write(object? tree, Random? style = null)
    {
        var text = new StringBuilder();
        Write(text, tree, style);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Fails with the first difference unless they are the same JSON; property order and escapes don't matter, number spelling does.</summary>
    public static void ShouldBeJson(this byte[]? actual, ReadOnlySpan<byte> expected, string? because = null)
    {
        actual.ShouldNotBeNull(because);
        var (a, b) = (Normal(actual), Normal(expected.ToArray()));
        if (a == b) return;
        var at = a.AsSpan().CommonPrefixLength(b);
        var from = Math.Max(0, at - 60);
        string Near(string text) => text[from..Math.Min(text.Length, at + 60)];
        Assert.Fail($"{because}\nexpected: {Near(b)}\nbut was: {Near(a)}");
    }

    public static void ShouldBeJson(this byte[]? actual, string expected) => actual.ShouldBeJson(Encoding.UTF8.GetBytes(expected));

    /// <summary>Properties sorted, strings as UTF-16 code units, numbers as spelled.</summary>
    public static string Normal(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var text = new StringBuilder();
        Normal(text, document.RootElement);
        return text.ToString();
    }

    private static void Normal(StringBuilder text, JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (var field in json.EnumerateObject().OrderBy(f => f.Name, StringComparer.Ordinal))
                {
                    Quote(text, field.Name, null);
                    text.Append(':');
                    Normal(text, field.Value);
                    text.Append(",\n");
                }

                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var item in json.EnumerateArray())
                {
                    Normal(text, item);
                    text.Append(',');
                }

                text.Append(']');
                break;
            case JsonValueKind.String:
                Quote(text, Unescape(json.GetRawText()[1..^1]), null);
                break;
            default:
                text.Append(json.GetRawText());
                break;
        }
    }

    /// <summary>Code unit by code unit, so that lone surrogates survive.</summary>
    public static string Unescape(string raw)
    {
        var text = new StringBuilder();
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }

            i++;
            if (raw[i] == 'u')
            {
                text.Append((char)int.Parse(raw.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 4;
            }
            else
            {
                text.Append(raw[i] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'f' => '\f', var c => c });
            }
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, object? tree, Random? style)
    {
        Space(text, style);
        switch (tree)
        {
            case null: text.Append("null"); break;
            case Raw raw: text.Append(raw.Text); break;
            case string s: Quote(text, s, style); break;
            case int n: text.Append(n); break;
            case bool b: text.Append(b ? "true" : "false"); break;
            case Obj o:
                text.Append('{');
                for (var i = 0; i < o.Count; i++)
                {
                    if (i > 0) text.Append(',');
                    Space(text, style);
                    Quote(text, ((List<KeyValuePair<string, object?>>)o)[i].Key, style);
                    Space(text, style);
                    text.Append(':');
                    Write(text, ((List<KeyValuePair<string, object?>>)o)[i].Value, style);
                }

                text.Append('}');
                break;
            case List<object?> l:
                text.Append('[');
                for (var i = 0; i < l.Count; i++)
                {
                    if (i > 0) text.Append(',');
                    Write(text, l[i], style);
                }

                text.Append(']');
                break;
            default: throw new ArgumentException(tree.GetType().Name, nameof(tree));
        }

        Space(text, style);
    }

    private static void Space(StringBuilder text, Random? style)
    {
        if (style is not null && style.Next(4) == 0) text.Append(style.GetItems(" \t\r\n".AsSpan(), style.Next(1, 3)));
    }

    private static void Quote(StringBuilder text, string value, Random? style)
    {
        text.Append('"');
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            var pair = char.IsHighSurrogate(c) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]);
            var escape = c is '"' or '\\' || c < ' ' || (char.IsSurrogate(c) && !pair) || style?.Next(8) == 0;
            if (!escape)
            {
                text.Append(c);
                if (pair) text.Append(value[++i]);
                continue;
            }

            var shortForm = c switch { '"' => '"', '\\' => '\\', '/' => '/', '\n' => 'n', '\r' => 'r', '\t' => 't', '\b' => 'b', '\f' => 'f', _ => 'u' };
            if (shortForm == 'u' || style?.Next(3) == 0) text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else text.Append('\\').Append(shortForm);
        }

        text.Append('"');
    }
}
