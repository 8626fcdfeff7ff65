using OrleansCache.Core.Keys;

namespace OrleansCache.Core.Prompts;

/// <summary>
/// Decides how long answers live and whether one may still be served. The stale windows follow RFC 5861, the request's directives RFC 9111.
/// </summary>
public sealed class Freshness(CacheOptions options)
{
    /// <summary>OpenAI's temperature when a request names none.</summary>
    private const double DefaultTemperature = 1;

    /// <summary>Whether the cache is to be left out for a request, by the rules of its model. Embeddings have no temperature.</summary>
    public bool Bypasses(PromptEndpoint endpoint, PromptHead head)
    {
        var rule = RuleOf(head.Model);
        return rule is { Cached: false }
            || (endpoint != PromptEndpoint.Embeddings
                && (head.Temperature ?? DefaultTemperature) > (rule?.MaxTemperature ?? options.MaxTemperature));
    }

    /// <summary>Until when an answer made now is fresh, and until when it is kept for the stale windows.</summary>
    /// <param name="model">The model asked for.</param>
    /// <param name="ttl">What the caller wishes, or null.</param>
    /// <param name="now">Milliseconds since the Unix epoch.</param>
    public (long FreshUntil, long KeepUntil) LifetimeOf(string model, TimeSpan? ttl, long now)
    {
        var rule = RuleOf(model);
        var wanted = ttl ?? rule?.Ttl ?? options.DefaultTtl;
        var freshUntil = now + Milliseconds(wanted < options.MaxTtl ? wanted : options.MaxTtl);
        var stale = Math.Max(
            Milliseconds(rule?.StaleIfError ?? options.StaleIfError),
            Milliseconds(rule?.StaleWhileRevalidate ?? options.StaleWhileRevalidate));
        return (freshUntil, freshUntil + stale);
    }

    /// <summary>Whether a completion answers the request without a call.</summary>
    public static bool IsFresh(Completion completion, CacheDirectives directives, long now) =>
        now < completion.FreshUntil && IsAcceptable(completion, directives, now);

    /// <summary>Whether it may be served past its freshness while a new one is fetched (RFC 5861, section 3).</summary>
    public bool MayServeWhileRevalidating(Completion completion, CacheDirectives directives, long now) =>
        now < completion.FreshUntil + Milliseconds(RuleOf(completion.Model)?.StaleWhileRevalidate ?? options.StaleWhileRevalidate)
        && IsAcceptable(completion, directives, now);

    /// <summary>Whether it may stand in for an upstream that failed (RFC 5861, section 4).</summary>
    public bool MayServeOnError(Completion completion, CacheDirectives directives, long now) =>
        now < completion.FreshUntil + Milliseconds(RuleOf(completion.Model)?.StaleIfError ?? options.StaleIfError)
        && IsAcceptable(completion, directives, now);

    private static bool IsAcceptable(Completion completion, CacheDirectives directives, long now) =>
        !directives.NoCache
        && !directives.NoStore
        && (directives.MaxAge is not { } maxAge || now - completion.CreatedAt <= Milliseconds(maxAge));

    private static long Milliseconds(TimeSpan span) => (long)span.TotalMilliseconds;

    private ModelRule? RuleOf(string model)
    {
        foreach (var rule in options.Models)
        {
            if (ModelPattern.Matches(rule.Model, model)) return rule;
        }

        return null;
    }
}
