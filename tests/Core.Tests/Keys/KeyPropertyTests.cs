using OrleansCache.Core.Keys;

namespace OrleansCache.Core.Tests.Keys;

/// <summary>Over random prompts, with fixed seeds.</summary>
public sealed class KeyPropertyTests
{
    [Fact]
    public void Key_RespelledPrompt_IsTheSame()
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var random = new Random(seed);
            var prompt = new JsonMaker(random).Prompt();
            var speller = new JsonSpeller(random);
            var first = speller.Spell(prompt);
            var second = speller.Spell(prompt);
            Keying.Read(second).Key.ShouldBe(Keying.Read(first).Key, $"seed {seed}");
        }
    }

    [Fact]
    public void Key_ChangedValue_IsAnother()
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var random = new Random(seed);
            var maker = new JsonMaker(random);
            var prompt = maker.Prompt();
            var changed = maker.Change(prompt);
            var speller = new JsonSpeller(random);
            Keying.Read(speller.Spell(changed)).Key.ShouldNotBe(Keying.Read(speller.Spell(prompt)).Key, $"seed {seed}");
        }
    }

    [Fact]
    public void Key_EveryPromptOfMany_IsUnique()
    {
        var keys = new Dictionary<PromptKey, string>();
        var random = new Random(7);
        var maker = new JsonMaker(random);
        for (var i = 0; i < 2000; i++)
        {
            var canonical = System.Text.Encoding.UTF8.GetString(new JsonSpeller(new Random(1)).Spell(maker.Any(5)));
            var key = Keying.Key(Keying.ChatWith($",\"x\":{canonical}"));
            if (!keys.TryAdd(key, canonical)) keys[key].ShouldBe(canonical);
        }

        keys.Count.ShouldBeGreaterThan(900);
    }

    [Fact]
    public void Key_RemovedMember_IsAnother()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var prompt = new JsonMaker(random).Prompt();
            if (prompt.Members.Length == 2) continue;
            var less = new JsonMap(prompt.Members[..^1]);
            var speller = new JsonSpeller(random);
            Keying.Read(speller.Spell(less)).Key.ShouldNotBe(Keying.Read(speller.Spell(prompt)).Key, $"seed {seed}");
        }
    }

    [Fact]
    public void Key_FieldsThatDoNotCount_ChangeNothing()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var maker = new JsonMaker(random);
            var prompt = maker.Prompt();
            var more = new JsonMap(
            [
                ("user", new JsonText(maker.Text())),
                ("stream", new JsonLiteral(random.Next(2) == 0 ? "true" : "false")),
                .. prompt.Members,
                ("metadata", new JsonMap([("trace", maker.Any(3)), ("a", maker.Any(3))])),
            ]);
            var speller = new JsonSpeller(random);
            Keying.Read(speller.Spell(more)).Key.ShouldBe(Keying.Read(speller.Spell(prompt)).Key, $"seed {seed}");
        }
    }

    [Fact]
    public void Key_SwappedElements_IsAnother() =>
        Keying.Key(Keying.ChatWith(""","stop":["a","b"]""")).ShouldNotBe(Keying.Key(Keying.ChatWith(""","stop":["b","a"]""")));

    [Fact]
    public void Key_SwappedMessages_IsAnother() =>
        Keying.Key("""{"model":"m","messages":[{"role":"user","content":"a"},{"role":"user","content":"b"}]}""")
            .ShouldNotBe(Keying.Key("""{"model":"m","messages":[{"role":"user","content":"b"},{"role":"user","content":"a"}]}"""));

    [Fact]
    public void Key_SameLastMessage_OtherConversation_IsAnother() =>
        Keying.Key("""{"model":"m","messages":[{"role":"system","content":"x"},{"role":"user","content":"a"}]}""")
            .ShouldNotBe(Keying.Key("""{"model":"m","messages":[{"role":"system","content":"y"},{"role":"user","content":"a"}]}"""));
}
