using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansCache.Bench.Servers;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Storage;
using OrleansCache.Core.Storage.Sqlite;

namespace OrleansCache.Bench.Start;

/// <summary>
/// Fills a database file as fast as SQLite can: the store's own schema, but its indexes and triggers are put back only when all rows
/// are in.
/// </summary>
internal static class StoreGenerator
{
    private const int AnswerBytes = 600;

    /// <summary>Makes the file. Its last entry answers the prompt of that number, the others have keys that nothing asks for.</summary>
    public static void Fill(string path, int entries, PromptKey lastKey)
    {
        using var database = SqliteDatabase.OpenWriter(path, Durability.Process, NullLogger.Instance);
        var later = DropIndexesAndTriggers(database);
        SqliteDatabase.Run(database, "PRAGMA synchronous = OFF; BEGIN IMMEDIATE");
        Insert(database, entries, lastKey);
        SqliteDatabase.Run(
            database, "INSERT INTO totals SELECT scope, model, count(*), sum(size) FROM completions GROUP BY scope, model");
        foreach (var statement in later) SqliteDatabase.Run(database, statement);
        SqliteDatabase.Run(database, "COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
    }

    private static void Insert(SqliteConnection database, int entries, PromptKey lastKey)
    {
        using var put = database.CreateCommand();
        put.CommandText = SqliteSql.Put[..SqliteSql.Put.IndexOf("ON CONFLICT", StringComparison.Ordinal)];
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var end = now + (long)TimeSpan.FromDays(1).TotalMilliseconds;
        var body = SampleAnswers.Chat(1, AnswerBytes);
        var key = put.Parameters.Add("@key", SqliteType.Blob);
        (string Name, object Value)[] rest =
        [
            ("@scope", "default"), ("@model", "bench-model"), ("@endpoint", (long)PromptEndpoint.ChatCompletions), ("@created_at", now),
            ("@fresh_until", end), ("@keep_until", end), ("@prompt_tokens", 12L), ("@completion_tokens", 34L), ("@upstream_ms", 1L),
            ("@size", (long)body.Length), ("@tags", DBNull.Value), ("@body", body), ("@request", Array.Empty<byte>()),
        ];
        foreach (var (name, value) in rest) put.Parameters.AddWithValue(name, value);
        put.Prepare();
        for (var i = 1; i < entries; i++)
        {
            key.Value = SHA256.HashData(BitConverter.GetBytes(i));
            put.ExecuteNonQuery();
        }

        key.Value = lastKey.ToArray();
        put.ExecuteNonQuery();
    }

    private static List<string> DropIndexesAndTriggers(SqliteConnection database)
    {
        var later = new List<string>();
        var drops = new List<string>();
        using (var select = database.CreateCommand())
        {
            select.CommandText = "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL";
            using var rows = select.ExecuteReader();
            while (rows.Read())
            {
                drops.Add($"DROP {rows.GetString(0)} {rows.GetString(1)}");
                later.Add(rows.GetString(2));
            }
        }

        foreach (var drop in drops) SqliteDatabase.Run(database, drop);
        return later;
    }
}
