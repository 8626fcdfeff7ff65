using System.Text;
using OrleansCache.Core.Keys;

namespace OrleansCache.Core.Tests.Keys;

public sealed class InvalidBodyTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\t ")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("{} x")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{/* c */}")]
    [InlineData("{} // c")]
    [InlineData("{'a':1}")]
    [InlineData("{\"a\":01}")]
    [InlineData("{\"a\":NaN}")]
    [InlineData("{\"a\":\"\n\"}")]
    [InlineData("{\"a\":\"\0\"}")]
    [InlineData("{\"a\":\"\\x\"}")]
    [InlineData("{\"a\":\"\\u12g4\"}")]
    [InlineData("\0{}")]
    [InlineData("{}\0")]
    [InlineData("\uFEFF{}")]
    [InlineData("xyz")]
    public void Body_NotJson_IsRefused(string body) => Keying.Refused(body).Code.ShouldBe("invalid_json");

    [Theory]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("\"x\"")]
    [InlineData("null")]
    [InlineData("true")]
    public void Body_NotAnObject_IsRefused(string body) => Keying.Refused(body).Code.ShouldBe("invalid_type");

    [Fact]
    public void Body_Malformed_NamesThePosition() =>
        Keying.Refused("{\"model\":\"m\",\n \"x\": ?}").Message.ShouldBe("The body is not valid JSON at line 2, byte 7.");

    [Fact]
    public void Body_EveryTruncation_IsRefused()
    {
        var body = Encoding.UTF8.GetBytes(
            """{"model":"m","messages":[{"role":"user","content":"h\u00e9 é 😀 \ud83d\ude00"}],"temperature":1.5e3,"stream":true,"x":[null,{"y":[]}]}""");
        Should.NotThrow(() => Keying.Read(body));
        for (var length = 0; length < body.Length; length++)
            Keying.Refused(body[..length]).Code.ShouldBeOneOf("invalid_json", "invalid_utf8");
    }

    [Theory]
    [InlineData(0xFF)]
    [InlineData(0x80)]
    [InlineData(0xC0)]
    [InlineData(0xED)]
    public void Body_InvalidUtf8Anywhere_IsRefusedAndLocated(byte bad)
    {
        var body = Encoding.UTF8.GetBytes(Keying.ChatWith(",\"é😀\":\"漢\",\"long\":\"" + new string('a', 3000) + "\""));
        for (var at = 0; at <= body.Length; at += at is < 100 or > 3000 ? 1 : 97)
        {
            if (at < body.Length && (body[at] & 0xC0) == 0x80) continue;
            byte[] broken = [.. body[..at], bad, .. body[at..]];
            var error = Keying.Refused(broken);
            error.Code.ShouldBe("invalid_utf8");
            error.Message.ShouldContain($"byte {at + 1}.");
        }
    }

    [Theory]
    [InlineData("{\"a\":")]
    [InlineData("[")]
    public void Body_TenThousandDeep_IsRefused(string level)
    {
        var body = Keying.ChatWith(",\"x\":" + string.Concat(Enumerable.Repeat(level, 10_000)));
        Keying.Refused(body).Code.ShouldBe("json_too_deep");
    }

    [Theory]
    [InlineData("metadata")]
    [InlineData("x")]
    public void Body_AtTheDepthLimit_IsAccepted(string field)
    {
        Should.NotThrow(() => Keying.Read(Keying.ChatWith(Nested(field, 63))));
        Keying.Refused(Keying.ChatWith(Nested(field, 64))).Code.ShouldBe("json_too_deep");

        static string Nested(string field, int levels) =>
            $",\"{field}\":" + string.Concat(Enumerable.Repeat("{\"a\":", levels)) + "1" + new string('}', levels);
    }

    [Theory]
    [InlineData("a", 1)]
    [InlineData("é", 2)]
    [InlineData("\\u00e9", 2)]
    [InlineData("😀", 4)]
    public void Model_LongerThan256Bytes_IsRefused(string character, int bytes)
    {
        var most = PromptWalk.MaxModelBytes / bytes;
        Should.NotThrow(() => Keying.Read(Body(most)));
        var error = Keying.Refused(Body(most + 1));

        (error.Code, error.Param).ShouldBe(("invalid_value", "model"));
        error.Message.ShouldBe($"Invalid 'model': it has {256 + bytes} bytes; at most 256 are allowed.");

        string Body(int times) => Keying.Chat.Replace("\"m\"", $"\"{string.Concat(Enumerable.Repeat(character, times))}\"", StringComparison.Ordinal);
    }

    [Fact]
    public void Body_Refused_NeverQuotesTheBody()
    {
        const string secret = "hunter2";
        string[] bodies =
        [
            $$"""{"model":"m","messages":[{"role":"user","content":"{{secret}}" {{secret}} }]}""",
            $$"""{"{{secret}}":""",
            $$"""{"model":{"{{secret}}":1} }""",
            $$"""{"model":"{{secret}}\u0000","messages":[{"role":"user"}]}""",
            $$"""{"model":"m","messages":["{{secret}}"]}""",
            $$"""{"model":"m","{{secret}}":["{{secret}}"]}""",
            $$"""{"model":"m","messages":[{"{{secret}}":"{{secret}}"}]}""",
            $$"""{"model":"m","temperature":"{{secret}}"}""",
            $$"""{"{{secret}}":"{{secret}}\q"}""",
            $"\"{secret}\"",
            secret,
        ];
        foreach (var body in bodies)
        {
            var error = Keying.Refused(body);
            error.ToString().ShouldNotContain(secret);
            (error.Param ?? "").ShouldNotContain(secret);
        }
    }
}
