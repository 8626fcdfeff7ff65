using System.Text;
using Microsoft.Extensions.Options;
using OrleansCache.Core.Keys;

namespace OrleansCache.Core.Tests.Keys;

/// <summary>Short names for what these tests do all the time.</summary>
internal static class Keying
{
    public const string Chat = """{"model":"m","messages":[{"role":"user","content":"hi"}]}""";

    private static readonly PromptKeyer Exact = new(new PromptKeyOptions());
    private static readonly PromptKeyer Trimming = new(new PromptKeyOptions { Normalization = PromptNormalization.Trim });

    public static KeyedPrompt Read(byte[] body, PromptEndpoint endpoint = PromptEndpoint.ChatCompletions, string scope = "s") =>
        Exact.Read(endpoint, scope, body);

    public static KeyedPrompt Read(string body, PromptEndpoint endpoint = PromptEndpoint.ChatCompletions, string scope = "s") =>
        Exact.Read(endpoint, scope, Encoding.UTF8.GetBytes(body));

    public static PromptKey Key(string body, PromptEndpoint endpoint = PromptEndpoint.ChatCompletions, string scope = "s") =>
        Read(body, endpoint, scope).Key;

    public static PromptKey TrimmedKey(string body, PromptEndpoint endpoint = PromptEndpoint.ChatCompletions) =>
        Trimming.Read(endpoint, "s", Encoding.UTF8.GetBytes(body)).Key;

    public static InvalidPromptException Refused(string body, PromptEndpoint endpoint = PromptEndpoint.ChatCompletions) =>
        Should.Throw<InvalidPromptException>(() => Read(body, endpoint));

    public static InvalidPromptException Refused(byte[] body) => Should.Throw<InvalidPromptException>(() => Read(body));

    /// <summary>A valid chat body with more members, which begin with a comma unless there are none.</summary>
    public static string ChatWith(string members) => Chat[..^1] + members + "}";

    /// <summary>The smallest valid body of an endpoint.</summary>
    public static string Smallest(PromptEndpoint endpoint) => endpoint switch
    {
        PromptEndpoint.ChatCompletions => Chat,
        PromptEndpoint.Completions => """{"model":"m","prompt":"hi"}""",
        _ => """{"model":"m","input":"hi"}""",
    };

    public static PromptReader Reader(int memoEntries = 1024) =>
        new(Options.Create(new PromptKeyOptions { MemoEntries = memoEntries }));
}
