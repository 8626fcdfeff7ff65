using System.Security.Cryptography;
using System.Text;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;
using OrleansCache.Testing;

namespace OrleansCache.Storage.Tests;

internal static class Entries
{
    public static PromptKey Key(string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    public static PromptKey Key(int number) => Key($"key {number}");

    public static StoredCompletion Make(
        ManualClock clock,
        PromptKey key,
        string body = "{}",
        string scope = "acme",
        string model = "gpt",
        string[]? tags = null,
        TimeSpan? keep = null,
        PromptEndpoint endpoint = PromptEndpoint.ChatCompletions,
        string request = "{\"model\":\"gpt\"}")
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var until = now + (long)(keep ?? TimeSpan.FromHours(1)).TotalMilliseconds;
        return new StoredCompletion(
            key,
            new Completion
            {
                Body = Encoding.UTF8.GetBytes(body),
                Scope = scope,
                Model = model,
                Endpoint = endpoint,
                Tags = tags ?? [],
                CreatedAt = now,
                FreshUntil = until,
                KeepUntil = until,
                Usage = new TokenUsage(7, 11),
                UpstreamMilliseconds = 1234,
            },
            Encoding.UTF8.GetBytes(request));
    }

    public static string Text(this Completion completion) => Encoding.UTF8.GetString(completion.Body);
}
