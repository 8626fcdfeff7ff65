using OrleansCache.Core.Keys;

namespace OrleansCache.Core.Tests.Keys;

/// <summary>Every row of the table, on every endpoint.</summary>
public sealed class FieldTableTests
{
    private static readonly (JsonKinds Kind, string First, string Second)[] Samples =
    [
        (JsonKinds.String, "\"p\"", "\"q\""),
        (JsonKinds.Number, "1", "2"),
        (JsonKinds.Boolean, "true", "false"),
        (JsonKinds.Object, """{"k":1}""", """{"k":2}"""),
        (JsonKinds.Array, """["p"]""", """["q"]"""),
        (JsonKinds.Null, "null", "null"),
    ];

    public static TheoryData<PromptEndpoint, string> Rows()
    {
        var rows = new TheoryData<PromptEndpoint, string>();
        foreach (var endpoint in Enum.GetValues<PromptEndpoint>())
        {
            foreach (var field in PromptFields.For(endpoint).Fields) rows.Add(endpoint, field.Name);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Field_KindNotInTable_IsRefused(PromptEndpoint endpoint, string name)
    {
        var field = Field(endpoint, name);
        foreach (var (kind, value, _) in Samples.Where(s => !field.Kinds.Allows(s.Kind)))
        {
            var error = Keying.Refused(With(endpoint, name, value), endpoint);
            error.Code.ShouldBe("invalid_type");
            error.Param.ShouldBe(name);
            error.Status.ShouldBe(400);
            error.Message.ShouldBe($"Invalid type for '{name}': expected {field.Kinds.Describe()}, but got {kind.Describe()} instead.");
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Field_KindInTable_CountsAsTableSays(PromptEndpoint endpoint, string name)
    {
        var field = Field(endpoint, name);
        foreach (var (kind, first, second) in Samples.Where(s => field.Kinds.Allows(s.Kind) && s.Kind != JsonKinds.Null))
        {
            if (field.Use == FieldUse.Messages) continue;
            var one = Keying.Key(With(endpoint, name, first), endpoint);
            var other = Keying.Key(With(endpoint, name, second), endpoint);
            (one != other).ShouldBe(field.Counts, kind.ToString());
            if (!field.Counts) one.ShouldBe(Keying.Key(Keying.Smallest(endpoint), endpoint));
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Field_OptionalAndNull_IsAccepted(PromptEndpoint endpoint, string name)
    {
        if (Field(endpoint, name).IsRequired) return;
        Should.NotThrow(() => Keying.Key(With(endpoint, name, "null"), endpoint));
    }

    [Theory]
    [InlineData(PromptEndpoint.ChatCompletions)]
    [InlineData(PromptEndpoint.Completions)]
    [InlineData(PromptEndpoint.Embeddings)]
    public void Field_Unknown_Counts(PromptEndpoint endpoint)
    {
        var bare = Keying.Key(Keying.Smallest(endpoint), endpoint);
        var one = Keying.Key(With(endpoint, "top_k", "1"), endpoint);
        one.ShouldNotBe(bare);
        Keying.Key(With(endpoint, "top_k", "2"), endpoint).ShouldNotBe(one);
    }

    [Theory]
    [InlineData(PromptEndpoint.ChatCompletions, "messages")]
    [InlineData(PromptEndpoint.Completions, "prompt")]
    [InlineData(PromptEndpoint.Embeddings, "input")]
    public void Field_RequiredAndAbsent_IsRefused(PromptEndpoint endpoint, string content)
    {
        var error = Keying.Refused("""{"model":"m"}""", endpoint);
        error.Code.ShouldBe("missing_required_parameter");
        error.Param.ShouldBe(content);
        Keying.Refused("{}", endpoint).Param.ShouldBe("model");
    }

    [Fact]
    public void Field_NotCounted_SaysWhy() =>
        Enum.GetValues<PromptEndpoint>().SelectMany(e => PromptFields.For(e).Fields).Where(f => !f.Counts)
            .ShouldAllBe(f => f.Ignored!.Length > 20);

    [Fact]
    public void Field_NotCountedInside_StillCounts() =>
        Keying.Key("""{"model":"m","messages":[{"role":"user","user":"a"}]}""")
            .ShouldNotBe(Keying.Key("""{"model":"m","messages":[{"role":"user","user":"b"}]}"""));

    [Fact]
    public void Field_NameEscaped_IsTheSameField() =>
        Keying.Key(Keying.ChatWith(""","\u0075ser":"x","str\u0065am":true""")).ShouldBe(Keying.Key(Keying.Chat));

    private static PromptField Field(PromptEndpoint endpoint, string name) =>
        PromptFields.For(endpoint).Fields.Single(f => f.Name == name);

    /// <summary>The smallest body with one field more, or the field in place of its own.</summary>
    private static string With(PromptEndpoint endpoint, string name, string value)
    {
        var content = PromptFields.For(endpoint).Content.Name;
        var members = new Dictionary<string, string>
        {
            ["model"] = "\"m\"",
            [content] = content == "messages" ? """[{"role":"user","content":"hi"}]""" : "\"hi\"",
            [name] = value,
        };
        return "{" + string.Join(",", members.Select(m => $"\"{m.Key}\":{m.Value}")) + "}";
    }
}
