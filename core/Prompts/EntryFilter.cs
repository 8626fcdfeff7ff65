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
    public bool Matches(in PromptKey key, Completion completion) =>
        (Key is null || Key == key)
        && (Scope is null || completion.Scope == Scope)
        && (Tenant is null || completion.Scope == Tenant || completion.Scope.StartsWith(Tenant + "/", StringComparison.Ordinal))
        && (Model is null || completion.Model == Model)
        && (Tag is null || Array.IndexOf(completion.Tags, Tag) >= 0);
}
