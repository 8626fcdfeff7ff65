using System.Text.Json;
using Microsoft.Data.Sqlite;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Core.Storage.Sqlite;

/// <summary>A reader's connection with its prepared statements. Used by one thread.</summary>
internal sealed class SqliteReadSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly StringPool _texts;
    private readonly SqliteCommand _get;
    private readonly SqliteCommand _find;
    private readonly SqliteCommand _findById;
    private readonly byte[] _key = new byte[PromptKey.Size];

    public SqliteReadSession(SqliteConnection connection, StringPool texts)
    {
        (_connection, _texts) = (connection, texts);
        _get = Prepare(SqliteSql.Get, ("@key", _key));
        _find = Prepare(SqliteSql.Find, ("@key", _key));
        _findById = Prepare(SqliteSql.FindById, ("@id", 0L));
    }

    public Completion? Get(PromptKey key, long now)
    {
        key.CopyTo(_key);
        using var row = _get.ExecuteReader();
        return row.Read() && row.GetInt64(6) > now ? ReadCompletion(row) : null;
    }

    public StoredCompletion? Find(PromptKey key, long now)
    {
        key.CopyTo(_key);
        using var row = _find.ExecuteReader();
        return row.Read() && row.GetInt64(6) > now ? ReadEntry(row) : null;
    }

    /// <summary>Reads entries by id until <paramref name="mostBytes"/> is reached; those deleted meanwhile are left out.</summary>
    /// <returns>The entries and how many ids they account for.</returns>
    public (List<StoredCompletion> Page, int Used) FindById(ReadOnlySpan<long> ids, long mostBytes)
    {
        var page = new List<StoredCompletion>();
        var used = 0;
        foreach (var id in ids)
        {
            used++;
            _findById.Parameters[0].Value = id;
            using var row = _findById.ExecuteReader();
            if (!row.Read()) continue;
            var entry = ReadEntry(row);
            page.Add(entry);
            mostBytes -= entry.Completion.Body.Length + entry.Request.Length;
            if (mostBytes <= 0) break;
        }

        return (page, used);
    }

    public List<long> Ids(string sql, List<(string Name, object Value)> parameters, CancellationToken cancellationToken)
    {
        using var command = Prepare(sql, [.. parameters]);
        using var row = command.ExecuteReader();
        var ids = new List<long>();
        while (row.Read())
        {
            if (ids.Count % 1024 == 0) cancellationToken.ThrowIfCancellationRequested();
            ids.Add(row.GetInt64(0));
        }

        return ids;
    }

    public List<ModelStatistics> Statistics()
    {
        using var command = Prepare(SqliteSql.Statistics);
        using var row = command.ExecuteReader();
        var models = new List<ModelStatistics>();
        while (row.Read())
            models.Add(new ModelStatistics(_texts.Intern(row.GetString(0)), _texts.Intern(row.GetString(1)), row.GetInt64(2), row.GetInt64(3)));
        return models;
    }

    public void Dispose()
    {
        _get.Dispose();
        _find.Dispose();
        _findById.Dispose();
        _connection.Dispose();
    }

    private StoredCompletion ReadEntry(SqliteDataReader row) =>
        new(new PromptKey(row.GetFieldValue<byte[]>(0)), ReadCompletion(row), row.GetFieldValue<byte[]>(12));

    private Completion ReadCompletion(SqliteDataReader row) => new()
    {
        Scope = _texts.Intern(row.GetString(1)),
        Model = _texts.Intern(row.GetString(2)),
        Endpoint = (PromptEndpoint)row.GetByte(3),
        CreatedAt = row.GetInt64(4),
        FreshUntil = row.GetInt64(5),
        KeepUntil = row.GetInt64(6),
        Usage = new TokenUsage(row.GetInt32(7), row.GetInt32(8)),
        UpstreamMilliseconds = row.GetInt32(9),
        Tags = row.IsDBNull(10) ? [] : JsonSerializer.Deserialize<string[]>(row.GetString(10))!,
        Body = row.GetFieldValue<byte[]>(11),
    };

    private SqliteCommand Prepare(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        command.Prepare();
        return command;
    }
}
