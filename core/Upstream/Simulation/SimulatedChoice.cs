namespace OrleansCache.Core.Upstream.Simulation;

/// <summary>One choice of a chat answer, in the pieces that a stream sends it in.</summary>
internal sealed record SimulatedChoice(int Index)
{
    /// <summary>Null when there is no content.</summary>
    public string[]? Content { get; set; }

    public string[]? Reasoning { get; init; }

    public string[]? Refusal { get; init; }

    public SimulatedToolCall[]? ToolCalls { get; init; }

    public bool HasAnnotation { get; init; }

    /// <summary>Null when the answer was truncated.</summary>
    public string? FinishReason { get; set; }

    public int Tokens =>
        (Content?.Length ?? 0) + (Reasoning?.Length ?? 0) + (Refusal?.Length ?? 0) + (ToolCalls?.Sum(c => c.Fragments.Length) ?? 0);
}

/// <summary>A tool call, its arguments in fragments.</summary>
internal sealed record SimulatedToolCall(string Id, string Name, string[] Fragments);
