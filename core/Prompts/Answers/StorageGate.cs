using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts.Answers.Gate;

namespace OrleansCache.Core.Prompts.Answers;

/// <summary>Lets only complete answers into memory and store; docs/answers.md has the rules.</summary>
public static class StorageGate
{
    /// <summary>Judges an answer in its plain form. Never throws.</summary>
    /// <param name="endpoint">The endpoint that answered.</param>
    /// <param name="status">HTTP status.</param>
    /// <param name="body">The plain JSON answer, or the fold of the stream; empty when there is none.</param>
    /// <param name="endedProperly">
    /// Of a stream: whether it ended without a fault of connection or folding. <c>[DONE]</c> is not asked for: some compatible
    /// servers leave it out, and a finish reason on every choice says more. Of a whole answer: true.
    /// </param>
    public static GateVerdict Judge(PromptEndpoint endpoint, int status, ReadOnlySpan<byte> body, bool endedProperly)
    {
        if (status is < 200 or > 299) return new GateVerdict(GateReasons.Status, default);
        var verdict = AnswerCheck.Check(endpoint, body);
        return endedProperly ? verdict : verdict with { Reason = GateReasons.Truncated };
    }
}
