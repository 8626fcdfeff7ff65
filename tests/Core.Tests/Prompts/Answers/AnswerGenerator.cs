using System.Globalization;
using System.Text;
using static OrleansCache.Core.Tests.Prompts.Answers.TestJson;

namespace OrleansCache.Core.Tests.Prompts.Answers;

/// <summary>Random plain answers in every shape that providers send, and some that nobody knows yet.</summary>
internal sealed class AnswerGenerator(int seed)
{
    private static readonly string[] Words =
    [
        "the", " cache", " answers", "\n", "\r\n", "  ", " \"quoted\"", "\\", "/", "\t", "\0", "\u001f", "é", "e\u0301", " naïve", "日本語", "缓存",
        "👍", "👩\u200d👩\u200d👧", "🇩🇪", "\ud83d", "\ude00", "\u007f", "\u2028", " {\"a\":1}", "data: ", "[DONE]", "supercalifragilisticexpialidocious",
    ];

    private static readonly string[] Numbers = ["0", "-0", "1", "1.0", "1e0", "-0.00012340", "12345678901234567890", "0.1234567890123456789", "1E+400", "5e-324"];

    private static readonly string[] Keys = ["a", "index", "id", "type", "name", "text", "tool_calls", "content", "délta", "x y", "q\"q", "format"];

    public Random Random { get; } = new(seed);

    public Obj Chat()
    {
        var body = Top("chat.completion");
        body["choices"] = Many(1, 3, i => ChatChoice(i));
        return Ending(body);
    }

    public Obj Legacy()
    {
        var body = Top("text_completion");
        body["choices"] = Many(1, 3, i => LegacyChoice(i));
        return Ending(body);
    }

    public string Text(int words)
    {
        var text = new StringBuilder();
        for (var i = Random.Next(words + 1); i > 0; i--) text.Append(Random.GetItems(Words, 1)[0]);
        return text.ToString();
    }

    private Obj Top(string kind) => new()
    {
        ["id"] = "cmpl-" + Random.Next(),
        ["object"] = kind,
        ["created"] = 1_700_000_000 + Random.Next(1000),
        ["model"] = "gpt-test",
    };

    private Obj Ending(Obj body)
    {
        if (Maybe()) body["usage"] = Maybe() ? null : new Obj { ["prompt_tokens"] = Random.Next(99), ["completion_tokens"] = 7, ["x"] = Any(2) };
        if (Maybe()) body["system_fingerprint"] = Maybe() ? null : "fp_1";
        if (Maybe()) body["x_flag"] = Any(0);
        if (Maybe()) body["x_things"] = Any(3);
        if (Maybe()) body["citations"] = Many(0, 2, i => "https://example.org/" + i);
        return body;
    }

    private Obj ChatChoice(int index)
    {
        var message = new Obj { ["role"] = "assistant", ["content"] = Maybe() ? null : Text(60) };
        var choice = new Obj { ["index"] = index, ["message"] = message };
        if (Maybe()) message["refusal"] = Maybe() ? null : Text(20);
        if (Maybe()) message["reasoning_content"] = Text(60);
        if (Maybe()) message["annotations"] = Many(0, 2, _ => new Obj { ["type"] = "url_citation", ["url_citation"] = Any(1) });
        if (Maybe()) message["tool_calls"] = Many(0, 3, i => ToolCall(i));
        if (Maybe()) message["audio"] = new Obj { ["id"] = "audio_1", ["data"] = "UklGRg==", ["expires_at"] = 17, ["transcript"] = Text(9) };
        if (Maybe()) message["x_new"] = Any(3);
        if (Maybe()) choice["logprobs"] = Maybe() ? null : ChatLogprobs(message);
        return Finish(choice);
    }

    private Obj ToolCall(int index)
    {
        if (Random.Next(5) == 0) return new Obj { ["id"] = "c" + index, ["type"] = "custom", ["custom"] = new Obj { ["name"] = "sql", ["input"] = Text(9) } };
        var arguments = Encoding.UTF8.GetString(Write(new Obj { ["city"] = "Paris", ["x"] = Text(20).Replace("\ud83d", "", StringComparison.Ordinal) }));
        return new Obj
        {
            ["id"] = "call_" + index, ["type"] = "function", ["function"] = new Obj { ["name"] = "weather", ["arguments"] = Maybe() ? "{}" : arguments },
        };
    }

    private Obj ChatLogprobs(Obj message)
    {
        var logprobs = new Obj { ["content"] = Maybe() && message["content"] is string text ? Tokens(text) : null, ["refusal"] = null };
        if (Maybe() && message["refusal"] is string refusal) logprobs["refusal"] = Tokens(refusal);
        if (Random.Next(4) == 0) logprobs["x"] = Any(1);
        return logprobs;
    }

    // Mostly tokens that make up the text; sometimes bytes where a character is spread over two; sometimes tokens of something else.
    private List<object?> Tokens(string text)
    {
        var tokens = new List<object?>();
        foreach (var rune in text.EnumerateRunes())
        {
            var utf8 = Encoding.UTF8.GetBytes(rune.ToString());
            if (utf8.Length == 4 && Maybe()) tokens.AddRange([Token("\\xf0", utf8[..2]), Token("\\x9f", utf8[2..])]);
            else tokens.Add(Token(Random.Next(200) == 0 ? "other" : rune.ToString(), utf8));
        }

        return tokens;
    }

    private Obj Token(string token, byte[] utf8) => new()
    {
        ["token"] = token, ["logprob"] = Number(), ["bytes"] = utf8.Select(b => (object?)(int)b).ToList(), ["top_logprobs"] = Many(0, 1, _ => Any(1)),
    };

    private Obj LegacyChoice(int index)
    {
        var text = Text(40);
        var choice = new Obj { ["text"] = text, ["index"] = index };
        if (Maybe()) choice["logprobs"] = Maybe() ? null : LegacyLogprobs(text);
        return Finish(choice);
    }

    private Obj LegacyLogprobs(string text)
    {
        var tokens = text.EnumerateRunes().Select(r => (object?)r.ToString()).ToList();
        return new Obj
        {
            ["tokens"] = tokens,
            ["token_logprobs"] = tokens.ConvertAll(_ => (object?)(Maybe() ? null : Number())),
            ["top_logprobs"] = Maybe() ? null : tokens.ConvertAll(_ => (object?)new Obj { ["a"] = Number() }),
            ["text_offset"] = Many(0, 1, _ => 3),
        };
    }

    private Obj Finish(Obj choice)
    {
        choice["finish_reason"] = Maybe() ? "stop" : "tool_calls";
        if (Maybe()) choice["native_finish_reason"] = "STOP";
        if (Maybe()) choice["token_ids"] = Many(0, 3, i => i);
        if (Maybe()) choice["content_filter_results"] = Any(3);
        return choice;
    }

    private object? Any(int depth) => Random.Next(depth > 0 ? 7 : 4) switch
    {
        0 => Number(),
        1 => new Raw(Maybe() ? "true" : "false"),
        2 => null,
        3 => Text(12),
        4 => Many(0, 3, _ => Any(depth - 1)),
        _ => Random.GetItems(Keys, 3).Distinct().Aggregate(new Obj(), (o, key) =>
        {
            o[key] = key == "index" && Maybe() ? 1 : Any(depth - 1);
            return o;
        }),
    };

    private Raw Number() => new(Random.GetItems(Numbers, 1)[0].ToString(CultureInfo.InvariantCulture));

    private bool Maybe() => Random.Next(2) == 0;

    private List<object?> Many(int least, int most, Func<int, object?> make) => [.. Enumerable.Range(0, Random.Next(least, most + 1)).Select(make)];
}
