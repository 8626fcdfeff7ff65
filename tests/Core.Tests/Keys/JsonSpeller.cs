using System.Globalization;
using System.Numerics;
using System.Text;

namespace OrleansCache.Core.Tests.Keys;

/// <summary>Spells a value in one of the many ways JSON allows: order of members, white space, escapes, numbers.</summary>
internal sealed class JsonSpeller(Random random)
{
    private static readonly string[] Spaces = ["", "", "", " ", "\n", "\t ", "\r\n  "];

    public byte[] Spell(Json json)
    {
        var text = new StringBuilder();
        Space(text);
        Write(text, json);
        Space(text);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private void Write(StringBuilder text, Json json)
    {
        switch (json)
        {
            case JsonText t: WriteText(text, t.Value); break;
            case JsonLiteral l: text.Append(l.Value); break;
            case JsonDecimal d: text.Append(Spell(d)); break;
            case JsonList list: WriteAll(text, '[', ']', list.Items, item => Write(text, item)); break;
            case JsonMap map:
                var members = map.Members.ToArray();
                random.Shuffle(members);
                WriteAll(text, '{', '}', members, member =>
                {
                    WriteText(text, member.Name);
                    Space(text);
                    text.Append(':');
                    Space(text);
                    Write(text, member.Value);
                });
                break;
        }
    }

    private void WriteAll<T>(StringBuilder text, char open, char close, T[] items, Action<T> write)
    {
        text.Append(open);
        Space(text);
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0) text.Append(',');
            Space(text);
            write(items[i]);
            Space(text);
        }

        text.Append(close);
    }

    private void WriteText(StringBuilder text, string value)
    {
        text.Append('"');
        for (var i = 0; i < value.Length; i++)
        {
            var isPair = char.IsSurrogatePair(value, i) && i + 1 < value.Length;
            var mustEscape = value[i] is < ' ' or '"' or '\\' || (char.IsSurrogate(value[i]) && !isPair);
            if (mustEscape || random.Next(4) == 0) Escape(text, value[i]);
            else if (isPair) text.Append(value[i]).Append(value[++i]);
            else text.Append(value[i]);
            if (isPair && char.IsHighSurrogate(value[i])) Escape(text, value[++i]);
        }

        text.Append('"');
    }

    private void Escape(StringBuilder text, char unit)
    {
        var at = "\"\\/\b\f\n\r\t".IndexOf(unit);
        if (at >= 0 && random.Next(2) == 0) text.Append('\\').Append("\"\\/bfnrt"[at]);
        else text.Append("\\u").Append(((int)unit).ToString(random.Next(2) == 0 ? "x4" : "X4", CultureInfo.InvariantCulture));
    }

    private string Spell(JsonDecimal number)
    {
        var more = random.Next(4);
        var digits = BigInteger.Abs(number.Digits) * BigInteger.Pow(10, more);
        var sign = number.Digits.Sign < 0 || (number.Digits.IsZero && random.Next(2) == 0) ? "-" : "";
        var text = digits.ToString(CultureInfo.InvariantCulture);
        var power = number.Power - more;
        if (random.Next(2) == 0)
        {
            var places = random.Next(1, 6);
            text = text.PadLeft(places + 1, '0').Insert(Math.Max(text.Length, places + 1) - places, ".");
            power += places;
        }

        if (power == 0 && random.Next(2) == 0) return sign + text;
        var plus = power >= 0 && random.Next(2) == 0 ? "+" : "";
        var zeros = new string('0', random.Next(3));
        return $"{sign}{text}{"eE"[random.Next(2)]}{(power < 0 ? "-" : plus)}{zeros}{Math.Abs(power)}";
    }

    private void Space(StringBuilder text) => text.Append(Spaces[random.Next(Spaces.Length)]);
}
