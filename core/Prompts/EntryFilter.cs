using OrleansCache.Core.Keys;

namespace OrleansCache.Core.Prompts;

/// <summary>Names completions for purge and export: all conditions that are set must hold. With none set it names everything.</summary>
public sealed record EntryFilter
{
    /// <summary>One prompt.</summary>
    public PromptKey? Key { get; init; }

    /// <summary>One scope, exactly.</summary>
    public string? Scope { get; init; }

    /// <summary>A tenant: its own scope and every scope inside it (<c>tenant</c>, <c>tenant/...</c>).</summary>
    public string? Tenant { get; init; }

    /// <summary>One model, exactly as it was asked for.</summary>
    public string? Model { get; init; }

    /// <summary>One tag.</summary>
    public string? Tag { get; init; }

    /// <summary>Whether a completion is named.</summary>
    public bool Matches(in PromptKey key, Completion completion) => Matches(key, completion.Scope, completion.Model, completion.Tags);

    /// <summary>Whether a prompt of this key, scope, model and tags is named.</summary>
    public bool Matches(in PromptKey key, string scope, string model, string[] tags) =>
        (Key is null || Key == key)
        && (Scope is null || scope == Scope)
        && (Tenant is null || scope == Tenant || scope.StartsWith(Tenant + "/", StringComparison.Ordinal))
        && (Model is null || model == Model)
        && (Tag is null || Array.IndexOf(tags, Tag) >= 0);
}
