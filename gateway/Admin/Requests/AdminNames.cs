using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;
using OrleansCache.Gateway.Admin.Access;
using OrleansCache.Gateway.Callers;
using OrleansCache.Gateway.Requests;

namespace OrleansCache.Gateway.Admin.Requests;

/// <summary>The names that admin requests use for keys, endpoints, scopes and filters.</summary>
internal static class AdminNames
{
    public const int MaxTags = 16;

    public const string TagRule = "1 to 64 visible ASCII characters without a comma";

    private const string ScopeRule = $"TENANT or TENANT/NAME, each {Names.Rule}";

    public static PromptKey? Key(string? text) =>
        text is null ? null
        : PromptKey.TryParse(text, out var key) ? key
        : throw AdminException.BadRequest("'key' must be a prompt key: 64 hexadecimal digits, as x-cache-key has it.", "invalid_value", "key");

    public static PromptEndpoint Endpoint(string? path)
    {
        if (path is null) return PromptEndpoint.ChatCompletions;
        foreach (var endpoint in Enum.GetValues<PromptEndpoint>())
        {
            if (EndpointNames.Path(endpoint) == path) return endpoint;
        }

        throw AdminFields.Wrong("endpoint", "one of " + string.Join(", ", Enum.GetValues<PromptEndpoint>().Select(EndpointNames.Path)));
    }

    /// <summary>The scope meant: the one named, else the tenant's own, else that of callers without an API key.</summary>
    public static string Scope(string? tenant, string? scope)
    {
        if (tenant is not null && !Names.IsValid(tenant)) throw AdminFields.Wrong("tenant", Names.Rule);
        if (scope is null) return tenant ?? Caller.Anonymous.Tenant;
        if (!IsScope(scope)) throw AdminFields.Wrong("scope", ScopeRule);
        if (tenant is not null && scope != tenant && !scope.StartsWith(tenant + "/", StringComparison.Ordinal))
            throw AdminException.BadRequest("'scope' is not a scope of 'tenant'. Name one of them, or a scope inside the tenant.", "invalid_value", "scope");
        return scope;
    }

    /// <summary>What purge and export name.</summary>
    public static EntryFilter Filter(PromptKey? key, string? scope, string? tenant, string? model, string? tag)
    {
        if (scope is not null || tenant is not null) Scope(tenant, scope);
        return new EntryFilter { Key = key, Scope = scope, Tenant = tenant, Model = model, Tag = tag };
    }

    /// <summary>As <c>x-cache-tags</c> has them.</summary>
    public static bool IsTag(string tag) => tag.Length is > 0 and <= 64 && !tag.Contains(',') && !tag.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static bool IsScope(string scope) => scope.Split('/') is { Length: <= 2 } parts && Array.TrueForAll(parts, Names.IsValid);
}
