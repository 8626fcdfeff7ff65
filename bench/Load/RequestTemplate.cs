using System.Text;

namespace OrleansCache.Bench.Load;

/// <summary>The bytes of a chat request in which only the number of the prompt changes: made once, patched before each send.</summary>
internal sealed class RequestTemplate
{
    private const int Digits = 12;
    private const string Start = """{"model":"bench-model","temperature":0,"messages":[{"role":"system","content":"Answer briefly."},{"role":"user","content":" """;
    private const string Between = " ";
    private const string End = "\"}]}";
    private readonly byte[] _bytes;
    private readonly int _number;

    public RequestTemplate(int port, int bodyBytes)
    {
        var body = BodyOf(0, bodyBytes);
        var head = Encoding.ASCII.GetBytes(
            "POST /v1/chat/completions HTTP/1.1\r\n"
            + $"Host: 127.0.0.1:{port}\r\n"
            + "Accept: application/json\r\n"
            + "Content-Type: application/json\r\n"
            + "Authorization: Bearer sk-bench\r\n"
            + $"Content-Length: {bodyBytes}\r\n\r\n");
        _bytes = [.. head, .. body];
        _number = head.Length + Start.Length;
    }

    /// <summary>The body of one prompt, exactly this long.</summary>
    public static byte[] BodyOf(long number, int bytes)
    {
        var filler = bytes - Start.Length - Digits - Between.Length - End.Length;
        ArgumentOutOfRangeException.ThrowIfNegative(filler, nameof(bytes));
        const string words = "the quick brown fox jumps over the lazy dog and runs on, ";
        var text = string.Concat(Enumerable.Repeat(words, (filler / words.Length) + 1))[..filler];
        return Encoding.ASCII.GetBytes($"{Start}{number:D12}{Between}{text}{End}");
    }

    /// <summary>The whole request; valid until the next call.</summary>
    public ReadOnlySpan<byte> For(long number)
    {
        Write(_bytes.AsSpan(_number, Digits), number);
        return _bytes;
    }

    /// <summary>Makes a body of <see cref="BodyOf"/> that of another prompt.</summary>
    public static void Renumber(Span<byte> body, long number) => Write(body.Slice(Start.Length, Digits), number);

    private static void Write(Span<byte> digits, long number)
    {
        for (var i = digits.Length - 1; i >= 0; i--)
        {
            digits[i] = (byte)('0' + (number % 10));
            number /= 10;
        }
    }
}
