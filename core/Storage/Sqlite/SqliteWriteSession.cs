using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Core.Storage.Sqlite;

/// <summary>The writer's connection with its prepared statements. Used by one thread.</summary>
internal sealed class SqliteWriteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _commit;
    private readonly SqliteCommand _rollBack;
    private readonly SqliteCommand _put;
    private readonly SqliteCommand _deleteById;
    private readonly SqliteCommand _deleteByKey;
    private readonly SqliteCommand _sweep;

    public SqliteWriteSession(SqliteConnection connection)
    {
        _connection = connection;
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _rollBack = Prepare("ROLLBACK");
        _put = Prepare(
            SqliteSql.Put, "@key", "@scope", "@model", "@endpoint", "@created_at", "@fresh_until", "@keep_until",
            "@prompt_tokens", "@completion_tokens", "@upstream_ms", "@size", "@tags", "@body", "@request");
        _deleteById = Prepare(SqliteSql.DeleteById, "@id");
        _deleteByKey = Prepare(SqliteSql.DeleteByKey, "@key");
        _sweep = Prepare(SqliteSql.Sweep, "@now", "@batch");
    }

    public SqliteConnection Connection => _connection;

    public void Begin() => _begin.ExecuteNonQuery();

    public void Commit() => _commit.ExecuteNonQuery();

    public void RollBack()
    {
        try
        {
            _rollBack.ExecuteNonQuery();
        }
        catch (Exception)
        {
            // Some errors have rolled back already; whatever it is, the fault that led here is the one to tell.
        }
    }

    public int Put(StoredCompletion entry, ReadOnlyMemory<byte> request)
    {
        var completion = entry.Completion;
        var values = _put.Parameters;
        values[0].Value = entry.Key.ToArray();
        values[1].Value = completion.Scope;
        values[2].Value = completion.Model;
        values[3].Value = (long)completion.Endpoint;
        values[4].Value = completion.CreatedAt;
        values[5].Value = completion.FreshUntil;
        values[6].Value = completion.KeepUntil;
        values[7].Value = (long)completion.Usage.PromptTokens;
        values[8].Value = (long)completion.Usage.CompletionTokens;
        values[9].Value = (long)completion.UpstreamMilliseconds;
        values[10].Value = (long)completion.Body.Length + request.Length;
        values[11].Value = completion.Tags.Length == 0 ? DBNull.Value : JsonSerializer.Serialize(completion.Tags);
        values[12].Value = completion.Body;
        values[13].Value = ArrayOf(request);
        try
        {
            return _put.ExecuteNonQuery();
        }
        finally
        {
            values[12].Value = values[13].Value = DBNull.Value;
        }
    }

    public int Delete(ReadOnlySpan<long> ids)
    {
        var deleted = 0;
        foreach (var id in ids)
        {
            _deleteById.Parameters[0].Value = id;
            deleted += _deleteById.ExecuteNonQuery();
        }

        return deleted;
    }

    public int Delete(PromptKey key)
    {
        _deleteByKey.Parameters[0].Value = key.ToArray();
        return _deleteByKey.ExecuteNonQuery();
    }

    public int Sweep(long now, int batch)
    {
        _sweep.Parameters[0].Value = now;
        _sweep.Parameters[1].Value = (long)batch;
        return _sweep.ExecuteNonQuery();
    }

    public void Dispose()
    {
        foreach (var command in (SqliteCommand[])[_begin, _commit, _rollBack, _put, _deleteById, _deleteByKey, _sweep]) command.Dispose();
        _connection.Dispose();
    }

    private static byte[] ArrayOf(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : bytes.ToArray();

    private SqliteCommand Prepare(string sql, params ReadOnlySpan<string> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in parameters) command.Parameters.AddWithValue(name, DBNull.Value);
        command.Prepare();
        return command;
    }
}
