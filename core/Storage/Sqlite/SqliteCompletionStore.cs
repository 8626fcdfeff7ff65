using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Core.Storage.Sqlite;

/// <summary>Keeps completions in one SQLite file in WAL mode: one writer with group commit, a few readers that it never blocks.</summary>
internal sealed class SqliteCompletionStore(
    IOptions<StoreOptions> options, StorageMetrics metrics, TimeProvider time, ILogger<SqliteCompletionStore> logger) : ICompletionStore
{
    private const int DeleteBatch = 500;
    private const int PageEntries = 64;
    private const int PageBytes = 4 << 20;

    /// <summary>How long a purge waits for each of its steps: a batch, or the ids. A disk that is slow gets there, one that hangs ends it.</summary>
    public static readonly TimeSpan PurgePatience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _opening = new(1, 1);
    private SqliteWriter? _writer;
    private SqliteReaders? _readers;
    private bool _closed;

    /// <summary>Transactions so far.</summary>
    public long Commits => _writer?.Commits ?? 0;

    private SqliteWriter Writer => _writer ?? throw NotOpen();

    private SqliteReaders Readers => _readers ?? throw NotOpen();

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (_writer is not null) return;
            var file = new SqliteFile(Path.GetFullPath(options.Value.Path), options.Value.Durability, logger);
            var session = await Task.Run(file.OpenWriter, CancellationToken.None);
            _readers = new SqliteReaders(file);
            _writer = new SqliteWriter(file, session, metrics, logger);
        }
        finally
        {
            _opening.Release();
        }
    }

    public async ValueTask<Completion?> GetAsync(PromptKey key, CancellationToken cancellationToken)
    {
        var now = Now();
        return await Readers.GetAsync(session => session.Get(key, now), cancellationToken);
    }

    public async ValueTask<StoredCompletion?> FindAsync(PromptKey key, CancellationToken cancellationToken)
    {
        var now = Now();
        return await Readers.GetAsync(session => session.Find(key, now), cancellationToken);
    }

    public async ValueTask PutAsync(StoredCompletion entry, CancellationToken cancellationToken)
    {
        StorableText.Check(entry);
        var request = options.Value.KeepRequests ? entry.Request : default;
        await Writer.RunAsync(
            session => session.Put(entry, request), entry.Completion.Body.Length + request.Length, cancellationToken);
    }

    public async Task<long> PurgeAsync(EntryFilter filter, CancellationToken cancellationToken)
    {
        // Straight to the writer: whatever was put before is written before.
        if (filter is { Key: { } key, Scope: null, Tenant: null, Model: null, Tag: null })
            return await Writer.RunAsync(session => session.Delete(key), 0, cancellationToken);
        await PatientlyAsync(token => Writer.RunAsync(_ => 0, 0, token), cancellationToken);
        var ids = await PatientlyAsync(token => IdsAsync(filter, inKeyOrder: false, token), cancellationToken);
        var deleted = 0L;
        for (var at = 0; at < ids.Count; at += DeleteBatch)
        {
            var start = at;
            deleted += await PatientlyAsync(
                token => Writer.RunAsync(
                    session => session.Delete(CollectionsMarshal.AsSpan(ids).Slice(start, Math.Min(DeleteBatch, ids.Count - start))),
                    0,
                    token),
                cancellationToken);
        }

        return deleted;
    }

    public Task<int> SweepAsync(int batch, CancellationToken cancellationToken)
    {
        var now = Now();
        return Writer.RunAsync(session => session.Sweep(now, batch), 0, cancellationToken);
    }

    public async Task<StoreStatistics> GetStatisticsAsync(CancellationToken cancellationToken)
    {
        var models = await Readers.ScanAsync(session => session.Statistics(), cancellationToken);
        return new StoreStatistics(models.Sum(m => m.Entries), models.Sum(m => m.Bytes), models);
    }

    public async IAsyncEnumerable<StoredCompletion> ExportAsync(
        EntryFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var ids = await IdsAsync(filter, inKeyOrder: true, cancellationToken);
        await foreach (var entry in PagesAsync(ids, cancellationToken)) yield return entry;
    }

    public async IAsyncEnumerable<StoredCompletion> GetRecentAsync(
        string scope, PromptEndpoint endpoint, int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<(string, object)> parameters =
            [("@scope", scope), ("@endpoint", (long)endpoint), ("@now", Now()), ("@limit", (long)limit)];
        var ids = await Readers.ScanAsync(session => session.Ids(SqliteSql.Recent, parameters, cancellationToken), cancellationToken);
        await foreach (var entry in PagesAsync(ids, cancellationToken)) yield return entry;
    }

    public async ValueTask DisposeAsync()
    {
        await _opening.WaitAsync();
        _closed = true;
        _opening.Release();
        if (_readers is not null) await _readers.DisposeAsync();
        if (_writer is not null) await _writer.DisposeAsync();
    }

    /// <summary>The writer's connection; for the faults of the tests, while the writer is idle.</summary>
    internal Task<SqliteConnection> GetWriterConnectionAsync() => Writer.RunAsync(session => session.Connection, 0, CancellationToken.None);

    private async Task<T> PatientlyAsync<T>(Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(PurgePatience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await step(both.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StoreException($"no answer within {PurgePatience.TotalSeconds} seconds", isTransient: true, e);
        }
    }

    private Task<List<long>> IdsAsync(EntryFilter filter, bool inKeyOrder, CancellationToken cancellationToken)
    {
        var (sql, parameters) = SqliteSql.Ids(filter, inKeyOrder);
        return Readers.ScanAsync(session => session.Ids(sql, parameters, cancellationToken), cancellationToken);
    }

    // Ids are taken in one go (8 bytes each), entries page by page: no read transaction outlives a page.
    private async IAsyncEnumerable<StoredCompletion> PagesAsync(
        List<long> ids, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var at = 0; at < ids.Count;)
        {
            var start = at;
            var (page, used) = await Readers.ScanAsync(
                session => session.FindById(
                    CollectionsMarshal.AsSpan(ids).Slice(start, Math.Min(PageEntries, ids.Count - start)), PageBytes),
                cancellationToken);
            at += used;
            foreach (var entry in page) yield return entry;
        }
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static StoreException NotOpen() => new("The store is not open.", isTransient: true);
}
