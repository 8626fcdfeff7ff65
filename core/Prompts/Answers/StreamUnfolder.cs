using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts.Answers.Unfolding;

namespace OrleansCache.Core.Prompts.Answers;

/// <summary>
/// Unfolds a plain JSON answer into chunks as OpenAI would stream them; folding them gives the answer back. docs/answers.md has
/// the rules.
/// </summary>
public static class StreamUnfolder
{
    /// <summary>The chunks of an answer, one choice after the other, made as they are read.</summary>
    /// <param name="endpoint">The endpoint that answered.</param>
    /// <param name="body">A body that the storage gate let through. Must not change while the chunks are read.</param>
    /// <returns>
    /// The chunks, without the closing <c>[DONE]</c>; the last is marked <see cref="StreamPart.UsageOnly"/> when the answer has usage.
    /// A body that is no answer of choices comes back as one part, as it is.
    /// </returns>
    public static IEnumerable<StreamPart> Unfold(PromptEndpoint endpoint, ReadOnlyMemory<byte> body)
    {
        if (AnswerPlan.Read(endpoint, body) is not { } plan)
        {
            yield return new StreamPart(body, UsageOnly: false);
            yield break;
        }

        var writer = new ChunkWriter(plan);
        if (plan.Choices.Count == 0) yield return writer.WithoutChoices();
        foreach (var choice in plan.Choices)
        {
            var chunks = endpoint == PromptEndpoint.ChatCompletions
                ? ChatUnfolding.Chunks(choice, writer)
                : TextUnfolding.Chunks(choice, writer);
            foreach (var part in chunks) yield return part;
        }

        if (plan.Usage is not null) yield return writer.Usage(plan.Usage);
    }
}
