using System.Collections.Concurrent;
using System.Text;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Gateway.Tests.Admin;

/// <summary>Owners with a memory of their own in front of the store; the upstream is <see cref="Answer"/>.</summary>
internal sealed class FakeOwners(MemoryStore store, TimeProvider clock) : IPromptOwners
{
    private int _running;

    public ConcurrentDictionary<PromptKey, Completion> Held { get; } = new();

    public ConcurrentQueue<PromptRequest> Asked { get; } = new();

    public Func<PromptRequest, ValueTask<PromptAnswer>>? Answer { get; set; }

    public int MostAtOnce { get; private set; }

    public MemoryUse Memory => new(Held.Count, 1_000, 2_000, 3, 0, Held.Count);

    public Completion? TryGetFresh(in PromptKey key, CacheDirectives directives, long now) =>
        Held.TryGetValue(key, out var completion) && Freshness.IsFresh(completion, directives, now) ? completion : null;

    public async ValueTask<PromptAnswer> AskAsync(PromptRequest request, CancellationToken cancellationToken)
    {
        Asked.Enqueue(request);
        lock (Held) MostAtOnce = Math.Max(MostAtOnce, ++_running);
        try
        {
            if (Answer is not null) return await Answer(request);
            if (Held.TryGetValue(request.Key, out var held)) return new PromptAnswer { Source = CacheSource.Hit, Completion = held };
            var body = Encoding.UTF8.GetBytes("""{"id":"asked","choices":[]}""");
            await PutAsync(request, body, cancellationToken);
            return new PromptAnswer { Source = CacheSource.Miss, Completion = Held[request.Key] };
        }
        finally
        {
            lock (Held) _running--;
        }
    }

    public ValueTask<string?> PutAsync(PromptRequest request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (body.Span.IndexOf("incomplete"u8) >= 0) return new("no_finish_reason");
        var now = clock.GetUtcNow();
        var until = (now + (request.Directives.Ttl ?? TimeSpan.FromHours(1))).ToUnixTimeMilliseconds();
        var completion = new Completion
        {
            Body = body.ToArray(),
            Scope = request.Scope,
            Model = request.Head.Model,
            Endpoint = request.Endpoint,
            Tags = request.Tags,
            CreatedAt = now.ToUnixTimeMilliseconds(),
            FreshUntil = until,
            KeepUntil = until + 3_600_000,
            Usage = new TokenUsage(10, 20),
            UpstreamMilliseconds = 500,
        };
        Held[request.Key] = completion;
        store.Entries[request.Key] = new StoredCompletion(request.Key, completion, request.Body.ToArray());
        return default;
    }

    public async ValueTask<long> PurgeAsync(EntryFilter filter, CancellationToken cancellationToken)
    {
        foreach (var (key, completion) in Held)
            if (filter.Matches(key, completion)) Held.TryRemove(key, out _);
        return await store.PurgeAsync(filter, cancellationToken);
    }
}
