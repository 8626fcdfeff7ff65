using System.Buffers;

namespace OrleansCache.Gateway.Callers;

/// <summary>Names of tenants, API keys and scopes. No <c>/</c>: it separates a tenant from a scope inside it.</summary>
internal static class Names
{
    public const int MaxLength = 64;

    public const string Rule = "1 to 64 letters, digits, '.', '_' and '-'";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    public static bool IsValid(string? name) =>
        name is { Length: > 0 and <= MaxLength } && !name.AsSpan().ContainsAnyExcept(Allowed);
}
