using static OrleansCache.Core.Tests.Prompts.Answers.TestJson;

namespace OrleansCache.Core.Tests.Prompts.Answers;

/// <summary>
/// Streams a plain answer as a hostile provider might: strings cut anywhere (inside surrogate pairs too), tool calls and choices
/// interleaved, nulls and padding in between. Knows nothing of the code it tests.
/// </summary>
internal sealed class AnswerChunker(Random random)
{
    public List<byte[]> Chunks(Obj body, bool chat)
    {
        var queues = new List<Queue<Obj>>();
        foreach (Obj choice in ((List<object?>)body["choices"]!).Cast<Obj>()) queues.Add(ChoiceOf(choice, chat));
        var events = new List<byte[]>();
        while (queues.Exists(q => q.Count > 0))
        {
            var queue = queues[random.Next(queues.Count)];
            if (queue.Count == 0) continue;
            var top = Top(body, chat, events.Count == 0);
            top["choices"] = new List<object?> { queue.Dequeue() };
            if (random.Next(2) == 0) top["obfuscation"] = new string('x', random.Next(9));
            events.Add(Write(top, random));
        }

        if (body["usage"] is not { } usage) return events;
        var closing = Top(body, chat, first: false);
        closing["choices"] = new List<object?>();
        closing["usage"] = usage;
        events.Add(Write(closing, random));
        return events;
    }

    private Obj Top(Obj body, bool chat, bool first)
    {
        var top = new Obj();
        foreach (var (name, value) in body)
        {
            if (name is "choices") continue;
            if (name is "usage" || (!first && random.Next(3) == 0)) top[name] = null;
            else top[name] = name is "object" && chat ? "chat.completion.chunk" : value;
        }

        return top;
    }

    private Queue<Obj> ChoiceOf(Obj choice, bool chat)
    {
        var lanes = new List<Queue<Obj>>();
        if (chat)
            foreach (var (name, value) in (Obj)choice["message"]!) lanes.AddRange(Lanes(name, value).Select(lane => Wrapped(lane, "delta")));
        else
            lanes.Add(new Queue<Obj>(Split((string)choice["text"]!).Select(piece => new Obj { ["text"] = piece })));
        if (choice["logprobs"] is Obj logprobs) lanes.Add(Wrapped(Logprobs(logprobs), "logprobs"));
        else if (choice.Has("logprobs")) lanes.Add(new Queue<Obj>([new Obj { ["logprobs"] = null }]));
        var all = Shuffle(lanes);
        var last = new Obj();
        foreach (var (name, value) in choice)
            if (name is not ("message" or "text" or "logprobs" or "index")) last[name] = value;
        all.Add(last);
        return new Queue<Obj>(all.Select((part, i) => WithIndex(part, (int)choice["index"]!, i < all.Count - 1, chat)));
    }

    private Obj WithIndex(Obj part, int index, bool finishes, bool chat)
    {
        var choice = new Obj();
        if (random.Next(2) == 0) choice["index"] = index;
        foreach (var (name, value) in part) choice[name] = value;
        choice["index"] = index;
        if (finishes) choice["finish_reason"] = null;
        if (chat && !choice.Has("delta")) choice["delta"] = new Obj();
        return choice;
    }

    private List<Queue<Obj>> Lanes(string name, object? value)
    {
        if (name == "tool_calls" && value is List<object?> { Count: > 0 } calls) return ToolCalls(calls);
        IEnumerable<object?> pieces = (name, value) switch
        {
            ("role", _) => random.Next(2) == 0 ? [value] : [value, value, ""],
            (_, string text) => Split(text),
            ("annotations", List<object?> list) => list.Count == 0 ? [list] : list.Select(e => new List<object?> { e }),
            ("audio", Obj audio) => [
                new Obj { ["id"] = audio["id"] },
                .. Split((string)audio["data"]!).Select(d => new Obj { ["data"] = d }),
                .. Split((string)audio["transcript"]!).Select(t => new Obj { ["transcript"] = t, ["id"] = audio["id"] }),
                new Obj { ["expires_at"] = audio["expires_at"] }],
            (_, null) => [null, null],
            _ => [null, value, null],
        };
        return [new Queue<Obj>(pieces.Select(p => new Obj { [name] = p }))];
    }

    // Calls begin in order; their fragments come in any order.
    private List<Queue<Obj>> ToolCalls(List<object?> calls)
    {
        var openings = new Queue<Obj>();
        var lanes = new List<Queue<Obj>> { openings };
        for (var i = 0; i < calls.Count; i++)
        {
            var call = (Obj)calls[i]!;
            if (call["function"] is not Obj function || !function.Has("arguments") || call.Has("custom"))
            {
                openings.Enqueue(Fragment(i, call));
                continue;
            }

            var opening = new Obj();
            foreach (var (name, value) in call) opening[name] = name == "function" ? new Obj { ["name"] = function["name"], ["arguments"] = "" } : value;
            openings.Enqueue(Fragment(i, opening));
            lanes.Add(new Queue<Obj>(Split((string)function["arguments"]!).Select(piece =>
                Fragment(i, random.Next(3) switch
                {
                    0 => new Obj { ["id"] = call["id"], ["function"] = new Obj { ["name"] = function["name"], ["arguments"] = piece } },
                    1 => new Obj { ["id"] = "", ["function"] = new Obj { ["name"] = null, ["arguments"] = piece } },
                    _ => new Obj { ["function"] = new Obj { ["arguments"] = piece } },
                }))));
        }

        return lanes;
    }

    private static Obj Fragment(int index, Obj fields)
    {
        var fragment = new Obj { ["index"] = index };
        foreach (var (name, value) in fields) fragment[name] = value;
        return new Obj { ["tool_calls"] = new List<object?> { fragment } };
    }

    private static Queue<Obj> Logprobs(Obj logprobs)
    {
        var parts = new Queue<Obj>();
        parts.Enqueue([]);
        foreach (var (name, value) in logprobs)
        {
            if (value is not List<object?> { Count: > 0 } list) parts.Enqueue(new Obj { [name] = value });
            else foreach (var element in list) parts.Enqueue(new Obj { [name] = new List<object?> { element } });
        }

        return parts;
    }

    private static Queue<Obj> Wrapped(Queue<Obj> lane, string name) => new(lane.Select(part => new Obj { [name] = part }));

    private List<Obj> Shuffle(List<Queue<Obj>> lanes)
    {
        var all = new List<Obj>();
        while (lanes.Exists(l => l.Count > 0))
            if (lanes[random.Next(lanes.Count)] is { Count: > 0 } lane) all.Add(lane.Dequeue());
        return all;
    }

    private List<object?> Split(string text)
    {
        var pieces = new List<object?>();
        var from = 0;
        do
        {
            var to = Math.Min(text.Length, from + random.Next(0, 7));
            pieces.Add(text[from..to]);
            from = to;
        }
        while (from < text.Length);
        return pieces;
    }
}
