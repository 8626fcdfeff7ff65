using System.Text;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Storage;
using OrleansCache.Testing;

namespace OrleansCache.Storage.Tests;

/// <summary>What every store must do: fields, replacement, expiry.</summary>
public abstract partial class CompletionStoreConformance : IAsyncLifetime
{
    private readonly List<ICompletionStore> _opened = [];

    protected ManualClock Clock { get; } = new();

    private protected ICompletionStore Store { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await PrepareAsync();
        Store = await OpenAsync();
    }

    public async Task DisposeAsync()
    {
        foreach (var store in _opened) await store.DisposeAsync();
        await CleanAsync();
    }

    [Fact]
    public async Task Put_EveryField_ComesBack()
    {
        var now = Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var entry = new StoredCompletion(
            Entries.Key("fields"),
            new Completion
            {
                Body = [0, 1, 2, 0, 255],
                Scope = "tenant/'\"; DROP TABLE completions; --",
                Model = "模型-😀-\\%_",
                Endpoint = PromptEndpoint.Embeddings,
                Tags = ["a", "it's", "\"quoted\"", "naïve {,} \\", "a"],
                CreatedAt = now - 5,
                FreshUntil = now + 1000,
                KeepUntil = now + 2000,
                Usage = new TokenUsage(int.MaxValue, 3),
                UpstreamMilliseconds = 987654,
            },
            new byte[] { 0, 9, 0 });

        await Store.PutAsync(entry, default).Soon();

        var found = await Store.FindAsync(entry.Key, default).Soon();
        found.ShouldNotBeNull().Key.ShouldBe(entry.Key);
        found.Request.ToArray().ShouldBe(entry.Request.ToArray());
        foreach (var completion in new[] { found.Completion, (await Store.GetAsync(entry.Key, default).Soon()).ShouldNotBeNull() })
            completion.ShouldBeEquivalentTo(entry.Completion);
        (await Store.PurgeAsync(new EntryFilter { Tag = "naïve {,} \\" }, default).Soon()).ShouldBe(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5_000_000)]
    public async Task Put_BodyOfAnySize_ComesBack(int size)
    {
        var body = new byte[size];
        new Random(1).NextBytes(body);
        var made = Entries.Make(Clock, Entries.Key(size), request: "");
        var entry = made with { Completion = WithBody(made.Completion, body) };

        await Store.PutAsync(entry, default).Soon();

        (await Store.GetAsync(entry.Key, default).Soon()).ShouldNotBeNull().Body.AsSpan().SequenceEqual(body).ShouldBeTrue();
        (await Store.FindAsync(entry.Key, default).Soon()).ShouldNotBeNull().Request.Length.ShouldBe(0);
    }

    [Fact]
    public async Task Put_RequestInsideALargerBuffer_StoresThatPartAlone()
    {
        var entry = Entries.Make(Clock, Entries.Key(1)) with { Request = Encoding.UTF8.GetBytes("xxabcxx").AsMemory(2, 3) };

        await Store.PutAsync(entry, default).Soon();

        Encoding.UTF8.GetString((await Store.FindAsync(entry.Key, default).Soon())!.Request.Span).ShouldBe("abc");
    }

    [Fact]
    public async Task Get_Always_WritesNothing()
    {
        var entry = Entries.Make(Clock, Entries.Key(1));
        await Store.PutAsync(entry, default).Soon();
        var commits = Commits(Store);

        for (var i = 0; i < 20; i++)
        {
            await Store.GetAsync(entry.Key, default).Soon();
            await Store.FindAsync(entry.Key, default).Soon();
            await Store.GetAsync(Entries.Key(2), default).Soon();
        }

        Commits(Store).ShouldBe(commits);
        (await Store.FindAsync(entry.Key, default).Soon()).ShouldNotBeNull().Completion.ShouldBeEquivalentTo(entry.Completion);
    }

    [Fact]
    public async Task Put_Again_ReplacesEverything()
    {
        await Store.PutAsync(Entries.Make(Clock, Entries.Key(1), "old and longer", tags: ["one"]), default).Soon();
        await Store.PutAsync(Entries.Make(Clock, Entries.Key(1), "new", tags: ["two"]), default).Soon();

        (await Store.GetAsync(Entries.Key(1), default).Soon())!.Text().ShouldBe("new");
        (await Store.GetStatisticsAsync(default).Soon()).Entries.ShouldBe(1);
        (await Store.PurgeAsync(new EntryFilter { Tag = "one" }, default).Soon()).ShouldBe(0);
        (await Store.PurgeAsync(new EntryFilter { Tag = "two" }, default).Soon()).ShouldBe(1);
    }

    [Theory]
    [InlineData('\0')]
    [InlineData('\ud800')]
    public async Task Put_TextThatCannotBeStored_IsRefusedForGoodAndHarmsNoOther(char character)
    {
        var text = $"a{character}b";
        var good = Enumerable.Range(0, 20).Select(i => Store.PutAsync(Entries.Make(Clock, Entries.Key(i)), default).Soon()).ToList();
        var bad = await Should.ThrowAsync<StoreException>(
            Store.PutAsync(Entries.Make(Clock, Entries.Key("bad"), model: text), default).Soon());

        bad.IsTransient.ShouldBeFalse();
        await Task.WhenAll(good);
        (await Store.GetStatisticsAsync(default).Soon()).Entries.ShouldBe(20);
    }

    [Fact]
    public async Task Get_UnknownKey_IsNull()
    {
        (await Store.GetAsync(Entries.Key(1), default).Soon()).ShouldBeNull();
        (await Store.FindAsync(Entries.Key(1), default).Soon()).ShouldBeNull();
    }

    [Fact]
    public async Task Get_PastKeepUntil_IsNullFromThatInstant()
    {
        await Store.PutAsync(Entries.Make(Clock, Entries.Key(1), keep: TimeSpan.FromSeconds(10)), default).Soon();

        Clock.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromMilliseconds(1));
        (await Store.GetAsync(Entries.Key(1), default).Soon()).ShouldNotBeNull();
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        (await Store.GetAsync(Entries.Key(1), default).Soon()).ShouldBeNull();
        (await Store.FindAsync(Entries.Key(1), default).Soon()).ShouldBeNull();
    }

    [Fact]
    public async Task Sweep_Expired_GoesInBatchesAndSparesTheRest()
    {
        for (var i = 0; i < 25; i++)
            await Store.PutAsync(Entries.Make(Clock, Entries.Key(i), keep: TimeSpan.FromSeconds(i < 12 ? 5 : 500), tags: ["t"]), default).Soon();
        Clock.Advance(TimeSpan.FromSeconds(5));

        (await Store.SweepAsync(5, default).Soon()).ShouldBe(5);
        (await Store.SweepAsync(5, default).Soon()).ShouldBe(5);
        (await Store.SweepAsync(5, default).Soon()).ShouldBe(2);
        (await Store.SweepAsync(5, default).Soon()).ShouldBe(0);
        (await Store.GetStatisticsAsync(default).Soon()).Entries.ShouldBe(13);
        (await Store.PurgeAsync(new EntryFilter { Tag = "t" }, default).Soon()).ShouldBe(13);
    }

    [Fact]
    public async Task Put_WithoutRequests_KeepsNone()
    {
        var store = await OpenAsync(options => options.KeepRequests = false);
        await store.PutAsync(Entries.Make(Clock, Entries.Key(1), "1234"), default).Soon();

        (await store.FindAsync(Entries.Key(1), default).Soon()).ShouldNotBeNull().Request.Length.ShouldBe(0);
        (await store.GetStatisticsAsync(default).Soon()).Bytes.ShouldBe(4);
    }

    protected abstract Task PrepareAsync();

    protected abstract Task CleanAsync();

    /// <summary>Another store over the same data, not opened.</summary>
    private protected abstract ICompletionStore Create(Action<StoreOptions>? configure = null);

    private protected abstract long Commits(ICompletionStore store);

    /// <summary>Runs a statement behind the store's back.</summary>
    protected abstract Task ExecuteAsync(string sql);

    private protected async Task<ICompletionStore> OpenAsync(Action<StoreOptions>? configure = null)
    {
        var store = Create(configure);
        _opened.Add(store);
        await store.OpenAsync(default).Soon();
        return store;
    }

    private static Completion WithBody(Completion completion, byte[] body) => new()
    {
        Body = body,
        Scope = completion.Scope,
        Model = completion.Model,
        Endpoint = completion.Endpoint,
        CreatedAt = completion.CreatedAt,
        FreshUntil = completion.FreshUntil,
        KeepUntil = completion.KeepUntil,
        Usage = completion.Usage,
        UpstreamMilliseconds = completion.UpstreamMilliseconds,
    };
}
