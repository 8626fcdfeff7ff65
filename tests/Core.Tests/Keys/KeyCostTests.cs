using System.Diagnostics;
using System.Text;
using OrleansCache.Core.Keys;

namespace OrleansCache.Core.Tests.Keys;

/// <summary>Large and awkward bodies. The bounds are many times what is needed: they catch a cost that is not linear.</summary>
public sealed class KeyCostTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [Fact]
    public void Key_FiftyMegabyteString_IsMade() => Cost(Keying.ChatWith(",\"x\":\"" + new string('a', 50_000_000) + "\""));

    [Fact]
    public void Key_ManyEscapes_IsMade() => Cost(Keying.ChatWith(",\"x\":\"" + Repeat("\\u0041\\n", 300_000) + "\""));

    [Fact]
    public void Key_ManyMembersOutOfOrder_IsMade() =>
        Cost(Keying.ChatWith(",\"x\":{" + string.Join(",", Enumerable.Range(0, 300_000).Select(i => $"\"{300_000 - i:x8}\":0")) + "}"));

    [Fact]
    public void Key_ManySmallObjects_IsMade() =>
        Cost(Keying.ChatWith(",\"x\":[" + string.Join(",", Enumerable.Repeat("""{"b":0,"a":{}}""", 100_000)) + "]"));

    [Fact]
    public void Key_LongStringUnderManyUnorderedLevels_IsMade() =>
        Cost(Keying.ChatWith(",\"x\":" + Repeat("""{"b":0,"a":""", 60) + "\"" + new string('a', 20_000_000) + "\"" + new string('}', 60)));

    [Fact]
    public void Key_NumberOfManyDigits_IsMade() => Cost(Keying.ChatWith(",\"x\":1" + new string('0', 5_000_000) + "e" + new string('9', 5_000_000)));

    [Fact]
    public void Key_TrimOfManySpaces_IsMade()
    {
        var keyer = new PromptKeyer(new PromptKeyOptions { Normalization = PromptNormalization.Trim });
        var body = Keying.Chat.Replace("hi", Repeat("\\n \\u000b", 200_000) + "hi" + Repeat("\\n \\u000b", 200_000));
        var watch = Stopwatch.StartNew();
        keyer.Read(PromptEndpoint.ChatCompletions, "s", Encoding.UTF8.GetBytes(body)).Key.ShouldBe(Keying.TrimmedKey(Keying.Chat));
        watch.Elapsed.ShouldBeLessThan(Bound);
    }

    private static void Cost(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var watch = Stopwatch.StartNew();
        Keying.Read(bytes);
        watch.Elapsed.ShouldBeLessThan(Bound);
    }

    private static string Repeat(string text, int times) => new StringBuilder().Insert(0, text, times).ToString();
}
