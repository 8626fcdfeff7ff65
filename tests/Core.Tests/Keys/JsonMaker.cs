using System.Text;

namespace OrleansCache.Core.Tests.Keys;

/// <summary>Makes chat prompts, and changes them in one place.</summary>
internal sealed class JsonMaker(Random random)
{
    private const string Alphabet = "ab \"\\/\n\t\0\u001f\u007fé\u2028\ud800\udc00漢x";
    private static readonly string[] Roles = ["system", "user", "assistant", "tool", "oracle"];

    public JsonMap Prompt()
    {
        List<(string, Json)> members =
        [
            ("model", new JsonText("m" + random.Next(5))),
            ("messages", new JsonList([.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Message())])),
        ];
        if (random.Next(2) == 0) members.Add(("temperature", Number()));
        if (random.Next(2) == 0) members.Add(("seed", Number()));
        if (random.Next(2) == 0) members.Add(("tools", new JsonList([Any(4), Any(4)])));
        if (random.Next(2) == 0) members.Add(("logprobs", new JsonLiteral("true")));
        if (random.Next(2) == 0) members.Add(("response_format", Map(3)));
        for (var i = random.Next(3); i > 0; i--) members.Add(($"x_{i}" + Text(), Any(4)));
        return new JsonMap([.. members]);
    }

    public Json Any(int depth) => random.Next(depth > 0 ? 6 : 4) switch
    {
        0 => new JsonText(Text()),
        1 => Number(),
        2 => new JsonLiteral(random.Next(2) == 0 ? "true" : "false"),
        3 => new JsonLiteral("null"),
        4 => new JsonList([.. Enumerable.Range(0, random.Next(4)).Select(_ => Any(depth - 1))]),
        _ => Map(depth),
    };

    /// <summary>The same value with one leaf, or one member or element, changed.</summary>
    public Json Change(Json json) => json switch
    {
        JsonText t => new JsonText(t.Value.Insert(random.Next(t.Value.Length + 1), "z")),
        JsonDecimal d => d with { Digits = d.Digits + (random.Next(2) == 0 || d.Digits == 1 ? 1 : -1) },
        JsonLiteral l => new JsonLiteral(l.Value == "true" ? "false" : "true"),
        JsonList { Items.Length: 0 } => new JsonList([new JsonLiteral("null")]),
        JsonList list => new JsonList(ChangeOne(list.Items)),
        JsonMap { Members.Length: 0 } => new JsonMap([("", new JsonLiteral("null"))]),
        JsonMap map => new JsonMap([.. ChangeMember(map.Members)]),
        _ => throw new ArgumentException("Unknown kind.", nameof(json)),
    };

    public string Text()
    {
        var text = new StringBuilder();
        for (var i = random.Next(12); i > 0; i--) text.Append(random.Next(6) == 0 ? "😀" : Alphabet[random.Next(Alphabet.Length)]);
        return text.ToString();
    }

    private Json[] ChangeOne(Json[] items)
    {
        var changed = items.ToArray();
        var at = random.Next(items.Length);
        changed[at] = Change(changed[at]);
        return changed;
    }

    private (string, Json)[] ChangeMember((string Name, Json Value)[] members)
    {
        var changed = members.ToArray();
        var at = random.Next(members.Length);
        changed[at].Value = Change(changed[at].Value);
        return changed;
    }

    private JsonMap Message()
    {
        Json content = random.Next(3) == 0
            ? new JsonList([new JsonMap([("type", new JsonText("text")), ("text", new JsonText(Text()))])])
            : new JsonText(Text());
        return new JsonMap([("role", new JsonText(Roles[random.Next(Roles.Length)])), ("content", content), ("name", new JsonText(Text()))]);
    }

    private JsonMap Map(int depth) =>
        new([.. Enumerable.Range(0, random.Next(6)).Select(i => ($"{Text()}{i}", Any(depth - 1)))]);

    private JsonDecimal Number() => new(random.Next(-2000, 2000), random.Next(-8, 8));
}
