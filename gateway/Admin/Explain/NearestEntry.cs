using Microsoft.Extensions.Options;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Storage;
using OrleansCache.Gateway.Admin.Requests;

namespace OrleansCache.Gateway.Admin.Explain;

/// <summary>The stored request that is most like one that missed.</summary>
/// <param name="Available">False when the store could not be asked.</param>
/// <param name="Compared">How many of the newest entries were compared.</param>
/// <param name="Entry">The most similar; null when none was compared.</param>
internal sealed record Nearest(bool Available, int Compared, NearestMatch? Entry);

/// <param name="Key">Its key.</param>
/// <param name="Model">Its model.</param>
/// <param name="Created">When it was stored.</param>
/// <param name="Similarity">Share of equal leaves: 0 to 1.</param>
/// <param name="DifferencesTotal">How many leaves differ.</param>
/// <param name="Differences">The first of them.</param>
internal sealed record NearestMatch(
    string Key, string Model, string Created, double Similarity, int DifferencesTotal, IReadOnlyList<Difference> Differences);

/// <param name="Path">Where, for example <c>messages[1].content</c>.</param>
/// <param name="Kind"><c>changed</c>; <c>added</c>: only the entry has it; <c>missing</c>: only the request has it.</param>
internal sealed record Difference(string Path, string Kind);

/// <summary>Finds it among the newest entries of the same scope and endpoint.</summary>
internal sealed class NearestEntry(AdminStore store, PromptExplainer explainer, IOptions<AdminOptions> options)
{
    public async Task<Nearest> FindAsync(PromptRequest request, CancellationToken cancellationToken)
    {
        if (options.Value.NearestCandidates == 0) return new Nearest(true, 0, null);
        try
        {
            return await store.AskAsync((store, token) => FindAsync(store, request, token), cancellationToken);
        }
        catch (StoreException)
        {
            return new Nearest(false, 0, null);
        }
    }

    private async Task<Nearest> FindAsync(ICompletionStore store, PromptRequest request, CancellationToken cancellationToken)
    {
        var compared = 0;
        (StoredCompletion Entry, PromptComparison Comparison)? best = null;
        await foreach (var entry in store.GetRecentAsync(request.Scope, request.Endpoint, options.Value.NearestCandidates, cancellationToken))
        {
            // Stores that keep no requests, and the entry itself once it has expired, say nothing about a difference.
            if (entry.Request.IsEmpty || entry.Key == request.Key) continue;
            cancellationToken.ThrowIfCancellationRequested();
            var comparison = explainer.Compare(request.Endpoint, request.Body.Span, entry.Request.Span);
            compared++;
            if (best is null || comparison.Similarity > best.Value.Comparison.Similarity) best = (entry, comparison);
        }

        return new Nearest(true, compared, best is { } match ? Describe(match.Entry, match.Comparison) : null);
    }

    private static NearestMatch Describe(StoredCompletion entry, PromptComparison comparison) => new(
        entry.Key.ToString(),
        entry.Completion.Model,
        AdminJson.Time(entry.Completion.CreatedAt),
        comparison.Similarity,
        comparison.Total,
        [.. comparison.Differences.Select(static difference => new Difference(difference.Path, KindOf(difference.Kind)))]);

    private static string KindOf(PromptDifferenceKind kind) => kind switch
    {
        PromptDifferenceKind.Added => "added",
        PromptDifferenceKind.Missing => "missing",
        _ => "changed",
    };
}
