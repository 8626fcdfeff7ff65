using System.Buffers.Text;

namespace OrleansCache.Core.Keys;

/// <summary>
/// One spelling for every JSON number, at any precision: the significant digits as an integer without zeros at either end, then
/// <c>e</c> and the power of ten unless that is zero. <c>1</c>, <c>1.0</c> and <c>10e-1</c> are <c>1</c>; <c>100</c> is <c>1e2</c>;
/// <c>0.70</c> is <c>7e-1</c>; <c>-0</c> is <c>0</c>. Never goes through a double, and no exponent is too large.
/// </summary>
internal static class CanonicalNumber
{
    /// <summary>Exponents of at most this many digits are added up as a long.</summary>
    private const int LongDigits = 17;

    /// <summary>Writes a number.</summary>
    /// <param name="number">A valid JSON number.</param>
    /// <param name="output">Where to.</param>
    public static void Write(ReadOnlySpan<byte> number, PooledList<byte> output)
    {
        var isInteger = number.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0;
        if (isInteger && (number.Length == 1 || number[^1] != '0')) output.AddRange(number);
        else WriteDecimal(number, output);
    }

    private static void WriteDecimal(ReadOnlySpan<byte> number, PooledList<byte> output)
    {
        var start = output.Count;
        if (number[0] == '-')
        {
            output.Add((byte)'-');
            number = number[1..];
        }

        var e = number.IndexOfAny((byte)'e', (byte)'E');
        var mantissa = e < 0 ? number : number[..e];
        var dot = mantissa.IndexOf((byte)'.');
        var fraction = dot < 0 ? default : mantissa[(dot + 1)..];

        var digits = output.Count;
        output.AddRange((dot < 0 ? mantissa : mantissa[..dot]).TrimStart((byte)'0'));
        output.AddRange(output.Count == digits ? fraction.TrimStart((byte)'0') : fraction);
        var significant = output.Span[digits..].TrimEnd((byte)'0').Length;
        var power = (long)output.Count - digits - significant - fraction.Length;
        output.Truncate(digits + significant);

        if (significant == 0)
        {
            output.Truncate(start);
            output.Add((byte)'0');
            return;
        }

        WriteExponent(e < 0 ? default : number[(e + 1)..], power, output);
    }

    /// <summary>Writes the sum of the exponent as it was spelled and the power that moving the decimal point gave.</summary>
    private static void WriteExponent(ReadOnlySpan<byte> spelled, long power, PooledList<byte> output)
    {
        var isNegative = !spelled.IsEmpty && spelled[0] == '-';
        var digits = spelled.TrimStart("+-0"u8);
        if (digits.Length > LongDigits)
        {
            output.AddRange(isNegative ? "e-"u8 : "e"u8);
            WriteSum(digits, isNegative ? -power : power, output);
            return;
        }

        _ = Utf8Parser.TryParse(digits, out long exponent, out _);
        var sum = power + (isNegative ? -exponent : exponent);
        if (sum == 0) return;
        Span<byte> text = stackalloc byte[20];
        _ = Utf8Formatter.TryFormat(sum, text, out var written);
        output.Add((byte)'e');
        output.AddRange(text[..written]);
    }

    /// <summary>Writes large + small digit by digit; the large one has so many digits that the sum keeps its sign.</summary>
    private static void WriteSum(ReadOnlySpan<byte> large, long small, PooledList<byte> output)
    {
        var start = output.Count;
        output.Add((byte)'0');
        output.AddRange(large);
        var sum = output.Span[start..];
        for (var i = sum.Length - 1; small != 0; i--)
        {
            small += sum[i] - '0';
            var digit = (small % 10 + 10) % 10;
            sum[i] = (byte)('0' + digit);
            small = (small - digit) / 10;
        }

        var zeros = sum.Length - sum.TrimStart((byte)'0').Length;
        sum[zeros..].CopyTo(sum);
        output.Truncate(output.Count - zeros);
    }
}
