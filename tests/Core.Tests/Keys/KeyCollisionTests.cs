using OrleansCache.Core.Keys;

namespace OrleansCache.Core.Tests.Keys;

/// <summary>Pairs that careless keys confuse.</summary>
public sealed class KeyCollisionTests
{
    [Theory]
    [InlineData("""{"a":1,"b":2}""", """{"a":12}""")]
    [InlineData("""{"a":"1,b:2"}""", """{"a":1,"b":2}""")]
    [InlineData("""{"a":"x\",\"b\":\"y"}""", """{"a":"x","b":"y"}""")]
    [InlineData("""["a","b"]""", """["a,b"]""")]
    [InlineData("""["a\",\"b"]""", """["a","b"]""")]
    [InlineData("""[["a"],"b"]""", """[["a","b"]]""")]
    [InlineData("""[[],[]]""", """[[[]]]""")]
    [InlineData("""[{}]""", """[[]]""")]
    [InlineData("""[]""", """null""")]
    [InlineData("""[null]""", """[]""")]
    [InlineData("\"1\"", "1")]
    [InlineData("\"true\"", "true")]
    [InlineData("\"\"", "null")]
    [InlineData("0", "false")]
    [InlineData("1", "true")]
    [InlineData("1", "10")]
    [InlineData("1", "-1")]
    [InlineData("0.1", "0.10000000000000000001")]
    [InlineData("9007199254740993", "9007199254740992")]
    [InlineData("1e400", "1e401")]
    [InlineData("1e-400", "0")]
    [InlineData("1e99999999999999999999999", "1e99999999999999999999998")]
    [InlineData("1e99999999999999999999999", "1e-99999999999999999999999")]
    [InlineData("\"a\"", "\"A\"")]
    [InlineData("\"a\"", "\"a \"")]
    [InlineData("\"é\"", "\"e\\u0301\"")]
    [InlineData("\"\\ud800\"", "\"\\ud801\"")]
    [InlineData("\"\\ud800\"", "\"\\ufffd\"")]
    [InlineData("\"\\ud800\"", "\"\\\\ud800\"")]
    [InlineData("\"\\u0000\"", "\"\"")]
    [InlineData("\"\\u0000\"", "\"\\\\u0000\"")]
    [InlineData("\"\\n\"", "\"\\\\n\"")]
    [InlineData("""{"a":1,"a":2}""", """{"a":2}""")]
    [InlineData("""{"a":1,"a":2}""", """{"a":1}""")]
    [InlineData("""{"a":1,"a":2}""", """{"a":2,"a":1}""")]
    [InlineData("""{"a":1,"a":1}""", """{"a":1}""")]
    [InlineData("""{"":1}""", """{"\u0000":1}""")]
    public void Key_DifferentValues_Differ(string left, string right) =>
        Keying.Key(Keying.ChatWith(",\"x\":" + left)).ShouldNotBe(Keying.Key(Keying.ChatWith(",\"x\":" + right)));

    [Theory]
    [InlineData("1", "1.0", "1e0", "10e-1", "0.1E+1", "1000000e-6", "1e00", "1e-0")]
    [InlineData("0", "-0", "0.0", "-0.0e5", "0e99999999999999999999", "0E-1")]
    [InlineData("0.1", "0.10", "1e-1", "1E-01", "0.0001e3")]
    [InlineData("100", "1e2", "100.0", "0.1e3", "10E1")]
    [InlineData("-12.5", "-125e-1", "-1.25E1", "-12.500")]
    [InlineData("1e100000000000000000000", "10e99999999999999999999", "0.1e100000000000000000001", "100e+099999999999999999998")]
    [InlineData("1e-100000000000000000000", "10e-100000000000000000001", "0.1e-99999999999999999999")]
    [InlineData("1e100000000000000000", "10e99999999999999999", "0.01e100000000000000002")]
    [InlineData("\"A/😀\\n\"", "\"\\u0041\\/\\uD83D\\ude00\\u000A\"", "\"A/\\ud83d\\uDE00\\n\"")]
    [InlineData("\"\\uD800\"", "\"\\ud800\"")]
    [InlineData("\"\\ud800\\ud83d\\ude00\"", "\"\\ud800😀\"")]
    [InlineData("""{"a":1,"b":{"d":1,"c":2}}""", """{"b":{"c":2,"d":1},"a":1}""", """{ "\u0062" : {"d":1,"c":2} , "\u0061":1}""")]
    [InlineData("""{"a":1,"b":2,"a":3}""", """{"a":1,"a":3,"b":2}""", """{"b":2,"a":1,"\u0061":3}""")]
    public void Key_SameValueSpelledOtherwise_IsTheSame(params string[] spellings)
    {
        var keys = spellings.Select(s => Keying.Key(Keying.ChatWith(",\"x\":" + s))).ToArray();
        keys.ShouldAllBe(k => k == keys[0]);
    }

    [Fact]
    public void Key_OtherScope_Differs() => Keying.Key(Keying.Chat, scope: "a").ShouldNotBe(Keying.Key(Keying.Chat, scope: "b"));

    [Theory]
    [InlineData("a", "a ")]
    [InlineData("a", "a{")]
    [InlineData("a", "a\0")]
    [InlineData("", "\0")]
    [InlineData("a/b", "a")]
    [InlineData("é", "e\u0301")]
    public void Key_ScopesThatLookAlike_Differ(string left, string right) =>
        Keying.Key(Keying.Chat, scope: left).ShouldNotBe(Keying.Key(Keying.Chat, scope: right));

    [Fact]
    public void Key_ScopeThatIsNotUnicode_IsRefused() =>
        Should.Throw<ArgumentException>(() => Keying.Key(Keying.Chat, scope: "\ud800"));

    [Fact]
    public void Key_OtherEndpoint_Differs()
    {
        const string body = """{"model":"m","prompt":"a","input":"a","messages":[{"role":"user"}]}""";
        var keys = Enum.GetValues<PromptEndpoint>().Select(e => Keying.Key(body, e)).ToArray();
        keys.Distinct().Count().ShouldBe(keys.Length);
    }

    [Fact]
    public void Key_NestedMembersOutOfOrder_AreSortedAtEveryLevel()
    {
        const string sorted = """{"a":{"a":[{"a":1,"b":2},{"c":{"x":1,"y":2}}],"b":2},"b":{"p":{"q":1},"r":2}}""";
        const string shuffled = """{"b":{"r":2,"p":{"q":1}},"a":{"b":2,"a":[{"b":2,"a":1},{"c":{"y":2,"x":1}}]}}""";
        Keying.Key(Keying.ChatWith(",\"x\":" + shuffled)).ShouldBe(Keying.Key(Keying.ChatWith(",\"x\":" + sorted)));
    }

    [Fact]
    public void Key_SameNameTwiceAmongMany_KeepsItsOrder()
    {
        var others = string.Concat(Enumerable.Range(0, 20).Select(i => $",\"m{9 - i % 10}{i}\":0"));
        var forth = Keying.Key(Keying.ChatWith($",\"z\":1{others},\"z\":2"));
        var back = Keying.Key(Keying.ChatWith($",\"z\":2{others},\"z\":1"));
        back.ShouldNotBe(forth);
        Keying.Key(Keying.ChatWith($"{others},\"z\":1,\"z\":2")).ShouldBe(forth);
    }
}
