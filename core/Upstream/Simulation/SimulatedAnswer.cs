using OrleansCache.Core.Keys;

namespace OrleansCache.Core.Upstream.Simulation;

/// <summary>Everything about an answer that is decided before the first wait.</summary>
internal sealed class SimulatedAnswer
{
    private const int PadToken = 64;

    public required SimulatedScript Script { get; init; }

    /// <summary>The whole answer; null when it streams.</summary>
    public UpstreamAnswer? Whole { get; init; }

    /// <summary>The events of a stream.</summary>
    public List<byte[]>? Events { get; init; }

    /// <summary>Tokens that take time to make.</summary>
    public int Tokens { get; init; }

    public static SimulatedAnswer Create(SimulatedCall call, bool stream)
    {
        var truncated = call.Script.Failure == SimulatedFailure.Truncate && !stream;
        switch (call.Endpoint)
        {
            case PromptEndpoint.ChatCompletions:
                var chat = CreateChat(call, truncated);
                return stream ? Streamed(call, chat.WriteChunks(), chat.CompletionTokens) : Plain(call, chat.WriteWhole(), chat.CompletionTokens);
            case PromptEndpoint.Completions:
                var legacy = new LegacyWriter(call, truncated);
                return stream ? Streamed(call, legacy.WriteChunks(), legacy.CompletionTokens) : Plain(call, legacy.WriteWhole(), legacy.CompletionTokens);
            default:
                return Plain(call, EmbeddingWriter.Write(call), 0);
        }
    }

    private static SimulatedAnswer Streamed(SimulatedCall call, List<byte[]> events, int tokens) =>
        new() { Script = call.Script, Events = events, Tokens = tokens };

    private static SimulatedAnswer Plain(SimulatedCall call, byte[] body, int tokens)
    {
        var sent = call.Script.Failure == SimulatedFailure.Malformed ? body.AsMemory(0, body.Length / 2) : body;
        return new()
        {
            Script = call.Script,
            Whole = call.Script.Failure == SimulatedFailure.Error
                ? SimulatedErrors.Create(500, call.Script.RetryAfter)
                : new UpstreamAnswer(200, sent, UpstreamJson.ContentType, [new("x-request-id", "req-" + call.Id)]),
            Tokens = tokens,
        };
    }

    private static ChatWriter CreateChat(SimulatedCall call, bool truncated)
    {
        var choices = ChatSimulation.Create(call);
        foreach (var choice in choices)
        {
            if (!truncated) break;
            choice.FinishReason = null;
            choice.Content = choice.Content?[..Math.Min(choice.Content.Length, call.Script.After)];
        }

        var writer = new ChatWriter(call, choices);
        if (call.Script.Bytes is not { } size || choices[0].Content is not { } content) return writer;
        var missing = size - writer.WriteWhole().Length;
        if (missing <= 0) return writer;
        choices[0].Content = [.. content, .. Padding(missing)];
        // The padding is no tokens: the usage, and with it the size, stay as they were.
        return writer;
    }

    private static IEnumerable<string> Padding(int length)
    {
        for (var left = length; left > 0; left -= PadToken) yield return new string('x', Math.Min(left, PadToken));
    }
}
