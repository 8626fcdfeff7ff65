using System.Text;

namespace OrleansCache.Bench.Servers;

/// <summary>Answers of a wanted length.</summary>
internal static class SampleAnswers
{
    /// <summary>A chat completion, exactly this long.</summary>
    public static byte[] Chat(long number, int bytes)
    {
        var start = $$"""{"id":"chatcmpl-{{number:D12}}","object":"chat.completion","created":1700000000,"model":"bench-model","choices":[{"index":0,"message":{"role":"assistant","content":" """;
        const string end = """ "},"finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":34,"total_tokens":46}}""";
        var filler = bytes - start.Length - end.Length;
        ArgumentOutOfRangeException.ThrowIfNegative(filler, nameof(bytes));
        const string words = "It depends on what you mean by that. ";
        return Encoding.ASCII.GetBytes($"{start}{string.Concat(Enumerable.Repeat(words, (filler / words.Length) + 1))[..filler]}{end}");
    }

    public static byte[] Count(long calls) => Encoding.ASCII.GetBytes($$"""{"calls":{{calls}}}""");
}
