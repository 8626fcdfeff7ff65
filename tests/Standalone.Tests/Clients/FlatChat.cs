using System.Text;
using OpenAI.Chat;

namespace OrleansCache.Standalone.Tests.Clients;

/// <summary>Everything that the .NET client tells of an answer, from either form.</summary>
internal sealed record FlatChat(
    string Id,
    string Model,
    DateTimeOffset CreatedAt,
    string FinishReason,
    string Fingerprint,
    string Text,
    string Refusal,
    string ToolCalls,
    string Logprobs,
    int InputTokens,
    int OutputTokens,
    int ReasoningTokens)
{
    public static FlatChat Of(ChatCompletion chat) => new(
        chat.Id,
        chat.Model,
        chat.CreatedAt,
        chat.FinishReason.ToString(),
        chat.SystemFingerprint,
        string.Concat(chat.Content.Select(p => p.Text)),
        chat.Refusal ?? "",
        string.Join('\n', chat.ToolCalls.Select(t => $"{t.Id} {t.FunctionName} {t.FunctionArguments}")),
        Describe(chat.ContentTokenLogProbabilities),
        chat.Usage.InputTokenCount,
        chat.Usage.OutputTokenCount,
        chat.Usage.OutputTokenDetails.ReasoningTokenCount);

    public static FlatChat Of(IReadOnlyList<StreamingChatCompletionUpdate> updates)
    {
        var usage = updates.Single(u => u.Usage is not null).Usage;
        return new FlatChat(
            updates[0].CompletionId,
            updates[0].Model,
            updates[0].CreatedAt,
            updates.Single(u => u.FinishReason is not null).FinishReason!.Value.ToString(),
            updates[0].SystemFingerprint,
            string.Concat(updates.SelectMany(u => u.ContentUpdate).Select(p => p.Text)),
            string.Concat(updates.Select(u => u.RefusalUpdate)),
            Describe(updates.SelectMany(u => u.ToolCallUpdates)),
            Describe(updates.SelectMany(u => u.ContentTokenLogProbabilities)),
            usage.InputTokenCount,
            usage.OutputTokenCount,
            usage.OutputTokenDetails.ReasoningTokenCount);
    }

    private static string Describe(IEnumerable<StreamingChatToolCallUpdate> fragments) => string.Join('\n', fragments
        .GroupBy(f => f.Index)
        .OrderBy(g => g.Key)
        .Select(g =>
        {
            var arguments = new StringBuilder();
            foreach (var fragment in g) arguments.Append(fragment.FunctionArgumentsUpdate);
            return $"{g.First(f => f.ToolCallId is not null).ToolCallId} {g.First(f => f.FunctionName is not null).FunctionName} {arguments}";
        }));

    private static string Describe(IEnumerable<ChatTokenLogProbabilityDetails> tokens) => string.Join('\n', tokens.Select(t =>
        $"{t.Token} {t.LogProbability:R} [{string.Join(' ', t.TopLogProbabilities.Select(top => $"{top.Token} {top.LogProbability:R}"))}]"));
}
