namespace OrleansCache.Core.Prompts;

/// <summary>Makes completions of answers.</summary>
internal static class Completions
{
    /// <summary>What an entry costs besides its body: owner, completion, dictionary slot and array header (measured in bench/).</summary>
    public const int OverheadBytes = 400;

    private const int TagOverheadBytes = 32;

    public static Completion Make(PromptServices services, PromptRequest request, byte[] body, TokenUsage usage, TimeSpan upstreamTime)
    {
        var now = services.Now;
        var (freshUntil, keepUntil) = services.Freshness.LifetimeOf(request.Head.Model, request.Directives.Ttl, now);
        return new Completion
        {
            Body = body,
            Scope = services.Strings.Intern(request.Scope),
            Model = services.Strings.Intern(request.Head.Model),
            Endpoint = request.Endpoint,
            Tags = request.Tags,
            CreatedAt = now,
            FreshUntil = freshUntil,
            KeepUntil = keepUntil,
            Usage = usage,
            UpstreamMilliseconds = (int)Math.Min(upstreamTime.TotalMilliseconds, int.MaxValue),
        };
    }

    /// <summary>Bytes charged against the memory bound. Scopes and models are shared, tags are the entry's own.</summary>
    public static int ChargeOf(Completion completion)
    {
        var charge = completion.Body.Length + OverheadBytes;
        foreach (var tag in completion.Tags) charge += (tag.Length * sizeof(char)) + TagOverheadBytes;
        return charge;
    }
}
