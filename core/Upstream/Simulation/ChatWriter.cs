using System.Text;
using System.Text.Json;

namespace OrleansCache.Core.Upstream.Simulation;

/// <summary>Writes a chat answer whole or as chunks; folding the chunks gives the whole.</summary>
internal sealed class ChatWriter(SimulatedCall call, SimulatedChoice[] choices)
{
    private readonly bool _logprobs = call.ReadBool("logprobs");
    private readonly int _topLogprobs = Math.Clamp(call.ReadInt("top_logprobs") ?? 0, 0, 20);

    public int CompletionTokens { get; } = choices.Sum(c => c.Tokens);

    public byte[] WriteWhole() => UpstreamJson.Render(json =>
    {
        json.WriteStartObject();
        WriteHead(json, "chat.completion");
        json.WriteStartArray("choices");
        foreach (var choice in choices) WriteChoice(json, choice);
        json.WriteEndArray();
        SimulatedUsage.Write(json, call.PromptTokens, CompletionTokens, choices.Sum(c => c.Reasoning?.Length ?? 0));
        json.WriteEndObject();
    });

    public List<byte[]> WriteChunks()
    {
        List<byte[]> chunks = [];
        using var buffer = new PooledWriter(512);
        using var json = new Utf8JsonWriter(buffer, UpstreamJson.Writer);
        foreach (var choice in choices) Add(choice, delta => WriteFirst(delta, choice));
        var queues = choices.Select(c => Deltas(c).GetEnumerator()).ToArray();
        for (var open = queues.Length; open > 0;)
        {
            for (var i = 0; i < queues.Length; i++)
            {
                if (queues[i] is not { } queue) continue;
                if (queue.MoveNext())
                {
                    Add(choices[i], queue.Current.Write, queue.Current.Token);
                    continue;
                }

                if (choices[i].FinishReason is { } reason) Add(choices[i], static _ => { }, token: null, reason);
                queue.Dispose();
                queues[i] = null!;
                open--;
            }
        }

        Begin();
        json.WriteStartArray("choices");
        json.WriteEndArray();
        SimulatedUsage.Write(json, call.PromptTokens, CompletionTokens, choices.Sum(c => c.Reasoning?.Length ?? 0));
        End();
        return chunks;

        void Add(SimulatedChoice choice, Action<Utf8JsonWriter> write, string? token = null, string? reason = null)
        {
            Begin();
            json.WriteStartArray("choices");
            json.WriteStartObject();
            json.WriteNumber("index", choice.Index);
            json.WriteStartObject("delta");
            write(json);
            json.WriteEndObject();
            WriteLogprobs(json, _logprobs && token is not null ? [token] : null);
            json.WriteString("finish_reason", reason);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteNull("usage");
            End();
        }

        void Begin()
        {
            json.WriteStartObject();
            WriteHead(json, "chat.completion.chunk");
        }

        void End()
        {
            json.WriteEndObject();
            json.Flush();
            chunks.Add(buffer.Written.ToArray());
            buffer.Clear();
            json.Reset();
        }
    }

    private static void WriteFirst(Utf8JsonWriter json, SimulatedChoice choice)
    {
        json.WriteString("role", "assistant");
        json.WriteString("content", choice.Content is null ? null : "");
        json.WriteString("refusal", choice.Refusal is null ? null : "");
        WriteExtras(json, choice);
    }

    private static IEnumerable<(Action<Utf8JsonWriter> Write, string? Token)> Deltas(SimulatedChoice choice)
    {
        foreach (var piece in choice.Reasoning ?? []) yield return (json => json.WriteString("reasoning_content", piece), null);
        foreach (var piece in choice.Content ?? []) yield return (json => json.WriteString("content", piece), piece);
        foreach (var piece in choice.Refusal ?? []) yield return (json => json.WriteString("refusal", piece), null);
        if (choice.ToolCalls is not { } calls) yield break;
        for (var i = 0; i < calls.Length; i++)
        {
            var index = i;
            yield return (json => WriteFragment(json, index, calls[index], fragment: -1), null);
        }

        // Fragments of parallel calls take turns.
        for (var fragment = 0; fragment < calls.Max(c => c.Fragments.Length); fragment++)
        {
            for (var i = 0; i < calls.Length; i++)
            {
                if (fragment >= calls[i].Fragments.Length) continue;
                var (index, part) = (i, fragment);
                yield return (json => WriteFragment(json, index, calls[index], part), null);
            }
        }
    }

    private static void WriteFragment(Utf8JsonWriter json, int index, SimulatedToolCall tool, int fragment)
    {
        json.WriteStartArray("tool_calls");
        json.WriteStartObject();
        json.WriteNumber("index", index);
        if (fragment < 0)
        {
            json.WriteString("id", tool.Id);
            json.WriteString("type", "function");
        }

        json.WriteStartObject("function");
        if (fragment < 0) json.WriteString("name", tool.Name);
        json.WriteString("arguments", fragment < 0 ? "" : tool.Fragments[fragment]);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteExtras(Utf8JsonWriter json, SimulatedChoice choice)
    {
        if (choice.HasAnnotation)
        {
            json.WriteStartArray("annotations");
            json.WriteStartObject();
            json.WriteString("type", "url_citation");
            json.WriteStartObject("url_citation");
            json.WriteNumber("start_index", 0);
            json.WriteNumber("end_index", 4);
            json.WriteString("url", "https://example.com/source");
            json.WriteString("title", "A source");
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteStartObject("x_future_message");
        json.WriteBoolean("kept", value: true);
        json.WriteEndObject();
    }

    private void WriteHead(Utf8JsonWriter json, string kind)
    {
        json.WriteString("id", "chatcmpl-" + call.Id);
        json.WriteString("object", kind);
        json.WriteNumber("created", call.Created);
        json.WriteString("model", call.Model);
        json.WriteString("service_tier", "default");
        json.WriteString("system_fingerprint", "fp_simulated");
        json.WriteStartArray("x_future");
        json.WriteNumberValue(1);
        json.WriteEndArray();
    }

    private void WriteChoice(Utf8JsonWriter json, SimulatedChoice choice)
    {
        json.WriteStartObject();
        json.WriteNumber("index", choice.Index);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        json.WriteString("content", choice.Content is null ? null : string.Concat(choice.Content));
        json.WriteString("refusal", choice.Refusal is null ? null : string.Concat(choice.Refusal));
        if (choice.Reasoning is { } reasoning) json.WriteString("reasoning_content", string.Concat(reasoning));
        if (choice.ToolCalls is { } calls) WriteCalls(json, calls);
        WriteExtras(json, choice);
        json.WriteEndObject();
        WriteLogprobs(json, _logprobs ? choice.Content : null);
        json.WriteString("finish_reason", choice.FinishReason);
        json.WriteEndObject();
    }

    private static void WriteCalls(Utf8JsonWriter json, SimulatedToolCall[] calls)
    {
        json.WriteStartArray("tool_calls");
        foreach (var tool in calls)
        {
            json.WriteStartObject();
            json.WriteString("id", tool.Id);
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", tool.Name);
            json.WriteString("arguments", string.Concat(tool.Fragments));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteLogprobs(Utf8JsonWriter json, string[]? tokens)
    {
        if (tokens is null)
        {
            json.WriteNull("logprobs");
            return;
        }

        json.WriteStartObject("logprobs");
        json.WriteStartArray("content");
        foreach (var token in tokens)
        {
            json.WriteStartObject();
            WriteToken(json, token, 0);
            json.WriteStartArray("top_logprobs");
            for (var rank = 0; rank < _topLogprobs; rank++)
            {
                json.WriteStartObject();
                WriteToken(json, token, rank);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNull("refusal");
        json.WriteEndObject();
    }

    private static void WriteToken(Utf8JsonWriter json, string token, int rank)
    {
        var written = rank == 0 ? token : token + rank;
        json.WriteString("token", written);
        json.WriteNumber("logprob", -0.125 * (rank + 1));
        json.WriteStartArray("bytes");
        foreach (var value in Encoding.UTF8.GetBytes(written)) json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
