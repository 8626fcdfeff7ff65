using System.Collections.Concurrent;
using System.Text;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Gateway.Tests.Hosting;

/// <summary>Owners whose answers the test controls. By default they answer every prompt whole and remember it.</summary>
internal sealed class FakeOwners : IPromptOwners
{
    public const string Body =
        """{"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"gpt-4o-2024","choices":[{"index":0,"message":{"role":"assistant","content":"Hello there"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""";

    private readonly ConcurrentQueue<PromptRequest> _asked = new();

    public FakeOwners(TimeProvider clock)
    {
        Clock = clock;
        Ask = (request, _) => ValueTask.FromResult(Whole(request, CacheSource.Miss));
    }

    public TimeProvider Clock { get; }

    public ConcurrentDictionary<PromptKey, Completion> Fresh { get; } = new();

    public Func<PromptRequest, CancellationToken, ValueTask<PromptAnswer>> Ask { get; set; }

    /// <summary>What was asked, bodies copied.</summary>
    public IReadOnlyList<PromptRequest> Asked => [.. _asked];

    public MemoryUse Memory => default;

    public PromptAnswer Whole(PromptRequest request, CacheSource source, string body = Body, bool keep = true)
    {
        var now = Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var completion = new Completion
        {
            Body = Encoding.UTF8.GetBytes(body),
            Scope = request.Scope,
            Model = request.Head.Model,
            Endpoint = request.Endpoint,
            Tags = request.Tags,
            CreatedAt = now,
            FreshUntil = now + 60_000,
            KeepUntil = now + 60_000,
            Usage = new TokenUsage(3, 2),
            UpstreamMilliseconds = 120,
        };
        if (keep) Fresh[request.Key] = completion;
        return new PromptAnswer { Source = source, Completion = completion, IsKept = source != CacheSource.Bypass };
    }

    public Completion? TryGetFresh(in PromptKey key, CacheDirectives directives, long now) =>
        !directives.NoCache && !directives.NoStore && Fresh.TryGetValue(key, out var completion) ? completion : null;

    public ValueTask<PromptAnswer> AskAsync(PromptRequest request, CancellationToken cancellationToken)
    {
        _asked.Enqueue(request with { Body = request.Body.ToArray() });
        return Ask(request, cancellationToken);
    }

    public ValueTask<string?> PutAsync(PromptRequest request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<long> PurgeAsync(EntryFilter filter, CancellationToken cancellationToken) => throw new NotSupportedException();
}
