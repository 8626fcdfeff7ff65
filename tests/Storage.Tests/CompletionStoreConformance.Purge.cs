using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Storage;

namespace OrleansCache.Storage.Tests;

/// <summary>Purge, export, recent, statistics.</summary>
public abstract partial class CompletionStoreConformance
{
    private static readonly string[] Scopes =
        ["a_b", "aXb", "a%", "a", "a/inner", "a/inner/more", "a0", "a-b", "ab", "a%/x", "a_b/x", "A", "a'b", "é", "é/x"];

    [Theory]
    [InlineData("a_b")]
    [InlineData("a%")]
    [InlineData("a")]
    [InlineData("a/inner")]
    [InlineData("é")]
    public async Task Purge_Tenant_TakesItsOwnAndInnerScopesExactly(string tenant)
    {
        await FillAsync();
        var filter = new EntryFilter { Tenant = tenant };
        var named = (await AllAsync()).Where(e => filter.Matches(e.Key, e.Completion)).ToList();

        (await Store.PurgeAsync(filter, default).Soon()).ShouldBe(named.Count);

        var left = (await AllAsync()).Select(e => e.Completion.Scope).Distinct().ToList();
        left.ShouldBe(Scopes.Where(s => s != tenant && !s.StartsWith(tenant + "/", StringComparison.Ordinal)), ignoreOrder: true);
    }

    [Fact]
    public async Task Purge_AnyCombination_AgreesWithTheFilterItself()
    {
        var random = new Random(42);
        for (var round = 0; round < 40; round++)
        {
            await FillAsync();
            var before = await AllAsync();
            var filter = new EntryFilter
            {
                Key = random.Next(6) == 0 ? before[random.Next(before.Count)].Key : null,
                Scope = random.Next(3) == 0 ? Scopes[random.Next(Scopes.Length)] : null,
                Tenant = random.Next(3) == 0 ? Scopes[random.Next(Scopes.Length)] : null,
                Model = random.Next(3) == 0 ? $"m{random.Next(4)}" : null,
                Tag = random.Next(3) == 0 ? $"t{random.Next(4)}" : null,
            };
            if (filter == new EntryFilter()) continue;

            var exported = await ListAsync(Store.ExportAsync(filter, default));
            var purged = await Store.PurgeAsync(filter, default).Soon();

            var named = before.Where(e => filter.Matches(e.Key, e.Completion)).Select(e => e.Key).ToList();
            exported.Select(e => e.Key).ShouldBe(named, $"{filter}");
            purged.ShouldBe(named.Count, $"{filter}");
            (await AllAsync()).Select(e => e.Key).ShouldBe(before.Select(e => e.Key).Except(named), $"{filter}");
        }
    }

    [Fact]
    public async Task Purge_Everything_LeavesNothing()
    {
        await Task.WhenAll(Enumerable.Range(0, 700).Select(i => Store.PutAsync(Entries.Make(Clock, Entries.Key(i), tags: ["t"]), default).Soon()));

        (await Store.PurgeAsync(new EntryFilter(), default).Soon()).ShouldBe(700);

        var statistics = await Store.GetStatisticsAsync(default).Soon();
        (statistics.Entries, statistics.Bytes, statistics.Models.Count).ShouldBe((0, 0, 0));
        (await AllAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Purge_Key_TakesThatOneAndCountsIt()
    {
        await FillAsync();

        (await Store.PurgeAsync(new EntryFilter { Key = Entries.Key(3) }, default).Soon()).ShouldBe(1);
        (await Store.PurgeAsync(new EntryFilter { Key = Entries.Key(3) }, default).Soon()).ShouldBe(0);
        (await Store.GetAsync(Entries.Key(3), default).Soon()).ShouldBeNull();
        (await Store.GetAsync(Entries.Key(4), default).Soon()).ShouldNotBeNull();
    }

    [Fact]
    public async Task Statistics_AfterRandomChanges_AreExact()
    {
        var random = new Random(7);
        var expected = new Dictionary<PromptKey, StoredCompletion>();
        for (var step = 0; step < 400; step++)
        {
            var key = Entries.Key(random.Next(60));
            if (random.Next(10) < 7)
            {
                var entry = Entries.Make(
                    Clock, key, new string('x', random.Next(50)), $"s{random.Next(3)}", $"m{random.Next(3)}",
                    random.Next(2) == 0 ? [$"t{random.Next(3)}"] : [], TimeSpan.FromSeconds(random.Next(1, 200)));
                await Store.PutAsync(entry, default).Soon();
                expected[key] = entry;
            }
            else if (random.Next(3) == 0)
            {
                Clock.Advance(TimeSpan.FromSeconds(random.Next(20)));
                await Store.SweepAsync(1000, default).Soon();
                foreach (var gone in expected.Values.Where(e => e.Completion.KeepUntil <= Clock.GetUtcNow().ToUnixTimeMilliseconds()).ToList())
                    expected.Remove(gone.Key);
            }
            else
            {
                var filter = random.Next(2) == 0 ? new EntryFilter { Key = key } : new EntryFilter { Model = "m1", Tag = "t1" };
                await Store.PurgeAsync(filter, default).Soon();
                foreach (var gone in expected.Values.Where(e => filter.Matches(e.Key, e.Completion)).ToList()) expected.Remove(gone.Key);
            }
        }

        await ShouldCountAsync(expected.Values);
    }

    [Fact]
    public async Task Statistics_UnderConcurrentWriters_AreExact()
    {
        ICompletionStore[] stores = [Store, await OpenAsync(), await OpenAsync()];
        await Task.WhenAll(stores.Select((store, writer) => Task.Run(async () =>
        {
            var random = new Random(writer);
            for (var step = 0; step < 40; step++)
            {
                await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => store.PutAsync(
                    Entries.Make(Clock, Entries.Key(random.Next(30)), new string('y', random.Next(90)), model: $"m{random.Next(2)}"), default).Soon()));
                if (step % 8 == 0) await store.PurgeAsync(new EntryFilter { Model = $"m{random.Next(2)}" }, default).Soon();
                if (step % 8 == 4) await store.SweepAsync(10, default).Soon();
            }
        })));

        await ShouldCountAsync(await AllAsync());
    }

    [Fact]
    public async Task Export_WhileOthersWrite_IsInKeyOrderAndMissesNothing()
    {
        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => Store.PutAsync(Entries.Make(Clock, Entries.Key(i)), default).Soon()));
        var exported = new List<StoredCompletion>();

        var added = 1000;
        await foreach (var entry in Store.ExportAsync(new EntryFilter(), default))
        {
            exported.Add(entry);
            if (exported.Count % 20 == 0) await Store.PutAsync(Entries.Make(Clock, Entries.Key(added++)), default).Soon();
        }

        var keys = exported.Select(e => e.Key.ToString()).ToList();
        keys.ShouldBe(keys.Order(StringComparer.Ordinal));
        Enumerable.Range(0, 300).Select(i => Entries.Key(i).ToString()).Except(keys).ShouldBeEmpty();
    }

    [Fact]
    public async Task Recent_OneScopeAndEndpoint_NewestFirstUpToTheLimit()
    {
        for (var i = 0; i < 12; i++)
        {
            await Store.PutAsync(
                Entries.Make(
                    Clock, Entries.Key(i), $"{i}", scope: i % 3 == 2 ? "other" : "acme",
                    endpoint: i % 4 == 3 ? PromptEndpoint.Completions : PromptEndpoint.ChatCompletions,
                    keep: i == 10 ? TimeSpan.FromMilliseconds(1) : null), default).Soon();
            Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var recent = await ListAsync(Store.GetRecentAsync("acme", PromptEndpoint.ChatCompletions, 3, default));

        recent.Select(e => e.Completion.Text()).ShouldBe(["9", "6", "4"]);
    }

    private async Task ShouldCountAsync(IReadOnlyCollection<StoredCompletion> expected)
    {
        expected.ShouldNotBeEmpty();
        var statistics = await Store.GetStatisticsAsync(default).Soon();
        var models = expected.GroupBy(e => (e.Completion.Scope, e.Completion.Model))
            .Select(g => new ModelStatistics(g.Key.Scope, g.Key.Model, g.Count(), g.Sum(e => e.Completion.Body.Length + e.Request.Length)));
        statistics.Models.ShouldBe(models, ignoreOrder: true);
        statistics.Entries.ShouldBe(expected.Count);
        statistics.Bytes.ShouldBe(expected.Sum(e => e.Completion.Body.Length + e.Request.Length));
    }

    private async Task FillAsync() => await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Store.PutAsync(
        Entries.Make(Clock, Entries.Key(i), $"{i}", Scopes[i % Scopes.Length], $"m{i % 4}", i % 2 == 0 ? [$"t{i % 4}", $"t{i % 3}"] : []),
        default).Soon()));

    private Task<List<StoredCompletion>> AllAsync() => ListAsync(Store.ExportAsync(new EntryFilter(), default));

    private static async Task<List<StoredCompletion>> ListAsync(IAsyncEnumerable<StoredCompletion> entries)
    {
        using var patience = new CancellationTokenSource(StoreParts.Patience);
        return await entries.ToListAsync(patience.Token);
    }
}
