using Microsoft.Data.Sqlite;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Storage;
using OrleansCache.Core.Storage.Guard;
using OrleansCache.Core.Storage.Sqlite;
using OrleansCache.Testing;

namespace OrleansCache.Storage.Tests.Sqlite;

/// <summary>Real faults of a real file: reads go on, writes wait, nothing is lost.</summary>
public sealed class SqliteFaultTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly ManualClock _dates = new(DateTimeOffset.UtcNow);
    private SqliteCompletionStore _store = null!;
    private GuardedStore _guard = null!;

    private string DatabasePath => _folder.File("cache.db");

    public async Task InitializeAsync()
    {
        _store = StoreParts.Sqlite(DatabasePath, _dates);
        _guard = StoreParts.Guard(_store, TimeProvider.System, o => o.ReadDeadline = o.WriteDeadline = StoreParts.Patience);
        await _guard.OpenAsync(default);
        (await PutAsync("before")).ShouldBe(StoreWrite.Stored);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Locked_ReadsGoOnAndWritesWaitForTheLock()
    {
        await using var other = new SqliteConnection($"Data Source={DatabasePath};Pooling=false");
        await other.OpenAsync();
        SqliteDatabase.Run(other, "BEGIN EXCLUSIVE");

        (await PutAsync("a")).ShouldBe(StoreWrite.Deferred);
        (await _guard.GetAsync(Entries.Key("before"), default).Soon()).Completion.ShouldNotBeNull();
        SqliteDatabase.Run(other, "COMMIT");

        await ShouldRecoverAsync("a");
    }

    [Fact]
    public async Task Full_SmallEntriesFitAndTheRestIsDeferred()
    {
        // Room for some pages beyond what is used.
        await ExecuteAsync("PRAGMA max_page_count = 40");

        var puts = await Task.WhenAll(
            new[] { "large", "small" }.Select(name => PutAsync(name, new string('x', name == "large" ? 500_000 : 10))));

        puts.ShouldBe([StoreWrite.Deferred, StoreWrite.Stored]);
        (await _guard.GetAsync(Entries.Key("before"), default).Soon()).Completion.ShouldNotBeNull();
        await ExecuteAsync("PRAGMA max_page_count = 1000000");
        await ShouldRecoverAsync("large");
    }

    [Fact]
    public async Task ReadOnly_ReadsGoOnAndWritesWait()
    {
        var writer = await _store.GetWriterConnectionAsync().Soon();
        SqliteDatabase.Run(writer, "PRAGMA query_only = 1");

        var fault = await Should.ThrowAsync<StoreException>(_store.PutAsync(Entries.Make(_dates, Entries.Key("x")), default).Soon());
        fault.IsTransient.ShouldBeTrue();
        (await PutAsync("a")).ShouldBe(StoreWrite.Deferred);
        (await _guard.GetAsync(Entries.Key("before"), default).Soon()).Completion.ShouldNotBeNull();
        SqliteDatabase.Run(writer, "PRAGMA query_only = 0");

        await ShouldRecoverAsync("a");
    }

    [Fact]
    public async Task Deleted_ANewFileIsStartedAndKeepsWhatIsWrittenFromThenOn()
    {
        foreach (var file in Directory.EnumerateFiles(_folder.Path)) File.Delete(file);

        (await PutAsync("after")).ShouldBe(StoreWrite.Stored);
        (await _guard.GetAsync(Entries.Key("before"), default).Soon()).ShouldBe(new StoreRead(null, Available: true));
        (await _guard.GetAsync(Entries.Key("after"), default).Soon()).Completion.ShouldNotBeNull();

        await using var again = StoreParts.Sqlite(DatabasePath, _dates);
        await again.OpenAsync(default);
        (await again.GetAsync(Entries.Key("after"), default).Soon()).ShouldNotBeNull();
    }

    [Fact]
    public async Task Deleted_AReaderThatComesFirstDoesNotHideItFromTheWriter()
    {
        foreach (var file in Directory.EnumerateFiles(_folder.Path)) File.Delete(file);

        // Readers open their connection with their first read.
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => await _guard.GetAsync(Entries.Key("before"), default).Soon()));
        await PutAsync("after");

        await ShouldRecoverAsync("after");
        await using var again = StoreParts.Sqlite(DatabasePath, _dates);
        await again.OpenAsync(default);
        (await again.GetAsync(Entries.Key("after"), default).Soon()).ShouldNotBeNull();
    }

    [Fact]
    public async Task FolderGoneForGood_WritesAreDeferred()
    {
        Directory.Delete(_folder.Path, recursive: true);
        await File.WriteAllTextAsync(_folder.Path, "a file where the folder was");

        (await PutAsync("a")).ShouldBe(StoreWrite.Deferred);

        File.Delete(_folder.Path);
        await ShouldRecoverAsync("a");
    }

    [Fact]
    public async Task EntryLargerThanSqliteTakes_IsDroppedAndItsNeighboursAreStored()
    {
        await ExecuteAsync("CREATE TRIGGER refuse BEFORE INSERT ON completions WHEN new.scope = 'bad' BEGIN SELECT RAISE(ABORT, 'no'); END");

        var puts = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => PutAsync($"{i}", scope: i == 7 ? "bad" : "good")));

        puts.Count(p => p == StoreWrite.Stored).ShouldBe(19);
        puts[7].ShouldBe(StoreWrite.Dropped);
    }

    [Fact]
    public async Task Purge_TheDiskHangs_EndsWithAnErrorAndTheStoreComesBack()
    {
        using var release = new ManualResetEventSlim();
        using var hanging = new ManualResetEventSlim();
        (await _store.GetWriterConnectionAsync().Soon()).CreateFunction("hang", () =>
        {
            hanging.Set();
            return release.Wait(StoreParts.Patience);
        });
        await ExecuteAsync("CREATE TEMP TRIGGER hangs BEFORE DELETE ON main.completions BEGIN SELECT hang(); END");

        var purge = _guard.PurgeAsync(new EntryFilter { Scope = "acme" }, default).Soon();
        hanging.Wait(StoreParts.Patience).ShouldBeTrue();
        _dates.Advance(SqliteCompletionStore.PurgePatience);

        var fault = await Should.ThrowAsync<StoreException>(purge);
        (fault.IsTransient, fault.Message).ShouldBe(
            (true, "The purge did not finish (no answer within 30 seconds): what was deleted is gone; run it again."));
        release.Set();
        (await _guard.PurgeAsync(new EntryFilter { Scope = "acme" }, default).Soon()).ShouldBe(0);
    }

    private async Task<StoreWrite> PutAsync(string name, string body = "{}", string scope = "acme") =>
        await _guard.PutAsync(Entries.Make(_dates, Entries.Key(name), body, scope), default).Soon();

    private async Task ExecuteAsync(string sql) => SqliteDatabase.Run(await _store.GetWriterConnectionAsync().Soon(), sql);

    private async Task ShouldRecoverAsync(string name)
    {
        using var patience = new CancellationTokenSource(StoreParts.Patience);
        (await _guard.FlushAsync(patience.Token)).ShouldBe(0);
        (await _store.GetAsync(Entries.Key(name), default).Soon()).ShouldNotBeNull();
    }
}
