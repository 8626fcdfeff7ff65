using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Core.Storage.Postgres;

/// <summary>Keeps completions in a PostgreSQL database that many silos share.</summary>
internal sealed class PostgresCompletionStore : ICompletionStore
{
    private const int PageEntries = 64;
    private const int DeleteBatch = 500;
    private const int MostTries = 5;

    // Collecting the keys of a large purge or export reads a whole index.
    private const int LongSeconds = 300;

    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly NpgsqlDataSource _source;
    private readonly string _address;
    private readonly PostgresRows _rows;
    private readonly PostgresWriter _writer;
    private volatile bool _open;

    public PostgresCompletionStore(
        IOptions<StoreOptions> options, StorageMetrics metrics, TimeProvider time, ILogger<PostgresCompletionStore> logger)
    {
        (_time, _logger) = (time, logger);
        if (PostgresAddress.Read(options.Value, out var connectionString) is { } unreadable) throw new StoreException(unreadable, false);
        _address = PostgresAddress.Redact(connectionString);
        _source = new NpgsqlDataSourceBuilder(PostgresAddress.Complete(connectionString)).Build();
        _rows = new PostgresRows(options.Value.KeepRequests);
        _writer = new PostgresWriter(_source, _rows, _address, metrics);
    }

    /// <summary>Transactions so far.</summary>
    public long Commits => _writer.Commits;

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await PostgresMigrations.RunAsync(_source, _address, PostgresSchema.Steps, _logger, cancellationToken);
        }
        catch (Exception e)
        {
            throw PostgresErrors.TranslateOpening(e, _address);
        }

        _open = true;
    }

    public async ValueTask<Completion?> GetAsync(PromptKey key, CancellationToken cancellationToken) =>
        await ReadOneAsync(PostgresSql.Get, key, _rows.ReadCompletion, cancellationToken);

    public async ValueTask<StoredCompletion?> FindAsync(PromptKey key, CancellationToken cancellationToken) =>
        await ReadOneAsync(PostgresSql.Find, key, _rows.ReadEntry, cancellationToken);

    public async ValueTask PutAsync(StoredCompletion entry, CancellationToken cancellationToken)
    {
        CheckOpen();
        StorableText.Check(entry);
        await _writer.PutAsync(entry, cancellationToken);
    }

    public async Task<long> PurgeAsync(EntryFilter filter, CancellationToken cancellationToken)
    {
        CheckOpen();
        var keys = filter is { Key: { } key, Scope: null, Tenant: null, Model: null, Tag: null }
            ? [key]
            : await KeysAsync(filter, cancellationToken);
        var deleted = 0L;
        foreach (var batch in keys.Chunk(DeleteBatch))
        {
            deleted += await ExecuteAsync(
                PostgresSql.Delete, () => [new NpgsqlParameter<byte[][]> { TypedValue = ArraysOf(batch) }], cancellationToken);
        }

        if (deleted > DeleteBatch) await FoldTotalsAsync(cancellationToken);
        return deleted;
    }

    public async Task<int> SweepAsync(int batch, CancellationToken cancellationToken)
    {
        CheckOpen();
        var now = Now();
        var deleted = await ExecuteAsync(
            PostgresSql.Sweep,
            () => [new NpgsqlParameter<long> { TypedValue = now }, new NpgsqlParameter<int> { TypedValue = batch }],
            cancellationToken);
        if (deleted < batch) await FoldTotalsAsync(cancellationToken);
        return deleted;
    }

    public async Task<StoreStatistics> GetStatisticsAsync(CancellationToken cancellationToken)
    {
        var models = new List<ModelStatistics>();
        await foreach (var row in RowsAsync(PostgresSql.Statistics, [], cancellationToken))
            models.Add(new ModelStatistics(_rows.Share(row.GetString(0)), _rows.Share(row.GetString(1)), row.GetInt64(2), row.GetInt64(3)));
        return new StoreStatistics(models.Sum(m => m.Entries), models.Sum(m => m.Bytes), models);
    }

    public async IAsyncEnumerable<StoredCompletion> ExportAsync(
        EntryFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var page in (await KeysAsync(filter, cancellationToken)).Chunk(PageEntries))
        {
            NpgsqlParameter[] parameters = [new NpgsqlParameter<byte[][]> { TypedValue = ArraysOf(page) }];
            await foreach (var row in RowsAsync(PostgresSql.FindMany, parameters, cancellationToken)) yield return _rows.ReadEntry(row);
        }
    }

    public async IAsyncEnumerable<StoredCompletion> GetRecentAsync(
        string scope, PromptEndpoint endpoint, int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        NpgsqlParameter[] parameters =
        [
            new NpgsqlParameter<string> { TypedValue = scope },
            new NpgsqlParameter<short> { TypedValue = (short)endpoint },
            new NpgsqlParameter<long> { TypedValue = Now() },
            new NpgsqlParameter<int> { TypedValue = limit },
        ];
        await foreach (var row in RowsAsync(PostgresSql.Recent, parameters, cancellationToken)) yield return _rows.ReadEntry(row);
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _source.DisposeAsync();
    }

    private async ValueTask<T?> ReadOneAsync<T>(
        string sql, PromptKey key, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
        where T : class
    {
        CheckOpen();
        try
        {
            await using var command = _source.CreateCommand(sql);
            command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = key.ToArray() });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = Now() });
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            return await row.ReadAsync(cancellationToken) ? read(row) : null;
        }
        catch (Exception e)
        {
            throw PostgresErrors.Translate(e, _address);
        }
    }

    private async Task<List<PromptKey>> KeysAsync(EntryFilter filter, CancellationToken cancellationToken)
    {
        var (sql, parameters) = PostgresSql.Keys(filter);
        var keys = new List<PromptKey>();
        await foreach (var row in RowsAsync(sql, parameters, cancellationToken)) keys.Add(new PromptKey(row.GetFieldValue<byte[]>(0)));
        return keys;
    }

    private async IAsyncEnumerable<NpgsqlDataReader> RowsAsync(
        string sql, IEnumerable<NpgsqlParameter> parameters, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        CheckOpen();
        await using var command = _source.CreateCommand(sql);
        command.CommandTimeout = LongSeconds;
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        await using var rows = await TranslateAsync(() => command.ExecuteReaderAsync(cancellationToken));
        while (await TranslateAsync(() => rows.ReadAsync(cancellationToken))) yield return rows;
    }

    private Task<int> FoldTotalsAsync(CancellationToken cancellationToken) => ExecuteAsync(PostgresSql.FoldTotals, () => [], cancellationToken);

    private async Task<int> ExecuteAsync(string sql, Func<NpgsqlParameter[]> parameters, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var command = _source.CreateCommand(sql);
                command.Parameters.AddRange(parameters());
                return await command.ExecuteNonQueryAsync(cancellationToken);
            }
            catch (DbException e) when (PostgresErrors.IsConflict(e) && attempt < MostTries)
            {
            }
            catch (Exception e)
            {
                throw PostgresErrors.Translate(e, _address);
            }
        }
    }

    private async Task<T> TranslateAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception e)
        {
            throw PostgresErrors.Translate(e, _address);
        }
    }

    private void CheckOpen()
    {
        if (!_open) throw new StoreException("The store is not open.", isTransient: true);
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private static byte[][] ArraysOf(PromptKey[] keys) => Array.ConvertAll(keys, key => key.ToArray());
}
