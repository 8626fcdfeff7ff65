using System.Text.Json;

namespace OrleansCache.Core.Upstream.Simulation;

/// <summary>Answers of <c>/v1/completions</c>: one choice for each prompt and sample, whole or as chunks.</summary>
internal sealed class LegacyWriter
{
    private readonly SimulatedCall _call;
    private readonly List<(string[] Tokens, string? Reason)> _choices = [];
    private readonly bool _logprobs;

    public LegacyWriter(SimulatedCall call, bool truncated)
    {
        _call = call;
        _logprobs = call.ReadInt("logprobs") is not null;
        foreach (var prompt in Prompts(call))
        {
            for (var sample = 0; sample < call.Choices; sample++)
            {
                var random = SimulatedRandom.From(call.Seed, _choices.Count);
                var tokens = random.Tokens(call.CountTokens(random, out var cut));
                if (truncated) tokens = tokens[..Math.Min(tokens.Length, call.Script.After)];
                CompletionTokens += tokens.Length;
                if (call.ReadBool("echo") && prompt is not null) tokens = [prompt, .. tokens];
                _choices.Add((tokens, truncated ? null : cut ? "length" : "stop"));
            }
        }
    }

    public int CompletionTokens { get; }

    public byte[] WriteWhole() => UpstreamJson.Render(json =>
    {
        WriteStart(json);
        for (var i = 0; i < _choices.Count; i++) WriteChoice(json, i, _choices[i].Tokens, 0, _choices[i].Reason);
        json.WriteEndArray();
        SimulatedUsage.Write(json, _call.PromptTokens, CompletionTokens, 0);
        json.WriteEndObject();
    });

    public List<byte[]> WriteChunks()
    {
        List<byte[]> chunks = [];
        for (var piece = 0; piece < _choices.Max(c => c.Tokens.Length); piece++)
        {
            for (var i = 0; i < _choices.Count; i++)
            {
                var (tokens, reason) = _choices[i];
                if (piece >= tokens.Length) continue;
                var (index, at, end) = (i, piece, piece == tokens.Length - 1 ? reason : null);
                chunks.Add(UpstreamJson.Render(json =>
                {
                    WriteStart(json);
                    WriteChoice(json, index, tokens.AsSpan(at, 1), tokens.AsSpan(0, at).ToArray().Sum(t => t.Length), end);
                    json.WriteEndArray();
                    json.WriteNull("usage");
                    json.WriteEndObject();
                }));
            }
        }

        chunks.Add(UpstreamJson.Render(json =>
        {
            WriteStart(json);
            json.WriteEndArray();
            SimulatedUsage.Write(json, _call.PromptTokens, CompletionTokens, 0);
            json.WriteEndObject();
        }));
        return chunks;
    }

    // A prompt given in tokens has no text to echo.
    private static IEnumerable<string?> Prompts(SimulatedCall call)
    {
        if (!call.Body.TryGetProperty("prompt", out var prompt)) return [""];
        if (prompt.ValueKind != JsonValueKind.Array) return [prompt.ToString()];
        var items = prompt.EnumerateArray().ToList();
        return items.Count == 0 || items[0].ValueKind == JsonValueKind.Number
            ? [null]
            : items.Select(i => i.ValueKind == JsonValueKind.String ? i.GetString() : null);
    }

    private void WriteStart(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id", "cmpl-" + _call.Id);
        json.WriteString("object", "text_completion");
        json.WriteNumber("created", _call.Created);
        json.WriteString("model", _call.Model);
        json.WriteString("system_fingerprint", "fp_simulated");
        json.WriteStartArray("choices");
    }

    private void WriteChoice(Utf8JsonWriter json, int index, ReadOnlySpan<string> tokens, int offset, string? reason)
    {
        json.WriteStartObject();
        json.WriteString("text", string.Concat(tokens));
        json.WriteNumber("index", index);
        WriteLogprobs(json, tokens, offset);
        json.WriteString("finish_reason", reason);
        json.WriteEndObject();
    }

    private void WriteLogprobs(Utf8JsonWriter json, ReadOnlySpan<string> tokens, int offset)
    {
        if (!_logprobs)
        {
            json.WriteNull("logprobs");
            return;
        }

        json.WriteStartObject("logprobs");
        json.WriteStartArray("tokens");
        foreach (var token in tokens) json.WriteStringValue(token);
        json.WriteEndArray();
        json.WriteStartArray("token_logprobs");
        foreach (var _ in tokens) json.WriteNumberValue(-0.125);
        json.WriteEndArray();
        json.WriteStartArray("top_logprobs");
        foreach (var token in tokens)
        {
            json.WriteStartObject();
            json.WriteNumber(token, -0.125);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("text_offset");
        foreach (var token in tokens)
        {
            json.WriteNumberValue(offset);
            offset += token.Length;
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
