using System.Text;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Behaviour.Tests;

/// <summary>What owners write to the store, and what they don't.</summary>
public abstract class StoreWritesBehaviour<TFactory>
    where TFactory : IOwnerHarnessFactory, new()
{
    private static readonly CacheOptions Options = new() { StaleIfError = TimeSpan.FromHours(2), MaxTtl = TimeSpan.FromDays(7) };

    [Fact]
    public async Task HitFromTheStore_AfterARestart_WritesNothing()
    {
        await using var cache = new TFactory().Create(Options);
        await cache.AskAsync(Ask.For("a"));
        var (stored, writes) = (cache.Store.Entries[Ask.For("a").Key], cache.Store.Writes);

        await cache.RestartAsync();
        for (var i = 0; i < 3; i++) (await cache.AskAsync(Ask.For("a", stream: i == 1))).Source.ShouldBe(CacheSource.Hit);

        (cache.Upstream.Calls, cache.Store.Writes).ShouldBe((1, writes));
        cache.Store.Entries[Ask.For("a").Key].ShouldBeSameAs(stored);
    }

    [Fact]
    public async Task EveryStoredEntry_HoweverItCame_EndsAtAKnownTime()
    {
        await using var cache = new TFactory().Create(Options);
        await cache.AskAsync(Ask.For("asked"));
        await cache.AskAsync(Ask.For("refreshed"));
        await cache.AskAsync(Ask.For("refreshed", directives: Ask.NoCache));
        await cache.AskAsync(Ask.For("forever", directives: new CacheDirectives { Ttl = TimeSpan.MaxValue }));
        await PutAsync(Ask.For("put"));
        await PutAsync(Ask.For("put forever", directives: new CacheDirectives { Ttl = TimeSpan.MaxValue }));
        var latest = (cache.Clock.GetUtcNow() + Options.MaxTtl + Options.StaleIfError).ToUnixTimeMilliseconds();

        cache.Store.Entries.Count.ShouldBe(5);
        foreach (var (_, entry) in cache.Store.Entries)
        {
            entry.Completion.FreshUntil.ShouldBeGreaterThan(entry.Completion.CreatedAt);
            entry.Completion.KeepUntil.ShouldBeInRange(entry.Completion.FreshUntil, latest);
        }

        async Task PutAsync(PromptRequest request) =>
            (await cache.Owners.PutAsync(request, Encoding.UTF8.GetBytes(Answers.Body()), default)).ShouldBeNull();
    }
}
