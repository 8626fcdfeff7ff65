using System.Security.Cryptography;
using System.Text;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Behaviour.Tests;

/// <summary>Requests as a gateway makes them.</summary>
internal static class Ask
{
    public static PromptRequest For(
        string prompt,
        bool stream = false,
        string scope = "tenant",
        string model = "gpt-4o",
        CacheDirectives? directives = null,
        double? temperature = null,
        params string[] tags) => new()
        {
            Key = new PromptKey(SHA256.HashData(Encoding.UTF8.GetBytes($"{scope}\n{model}\n{prompt}"))),
            Scope = scope,
            Endpoint = PromptEndpoint.ChatCompletions,
            Head = new PromptHead(model, stream, IncludeUsage: false, temperature),
            Body = Encoding.UTF8.GetBytes($$"""{"model":"{{model}}","messages":[{"role":"user","content":"{{prompt}}"}]}"""),
            Directives = directives ?? CacheDirectives.None,
            Tags = tags,
        };

    public static CacheDirectives NoCache { get; } = new() { NoCache = true };

    public static CacheDirectives NoStore { get; } = new() { NoStore = true };

    public static CacheDirectives OnlyIfCached { get; } = new() { OnlyIfCached = true };

    public static CacheDirectives MaxAge(int seconds) => new() { MaxAge = TimeSpan.FromSeconds(seconds) };

    public static CacheDirectives Ttl(int seconds) => new() { Ttl = TimeSpan.FromSeconds(seconds) };
}
