using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace OrleansCache.Core.Storage.Sqlite;

/// <summary>Brings the schema up to date in one transaction; of several processes one does it and the others wait.</summary>
internal static class SqliteMigrations
{
    private const string FirstStep =
        "CREATE TABLE schema_version (version INTEGER NOT NULL) STRICT; INSERT INTO schema_version VALUES (0)";

    public static void Run(SqliteConnection connection, string path, IReadOnlyList<string> steps, ILogger logger)
    {
        if (CheckedVersion(connection, path, steps.Count) == steps.Count) return;
        SqliteDatabase.Run(connection, "BEGIN IMMEDIATE");
        try
        {
            var from = CheckedVersion(connection, path, steps.Count);
            if (from == 0) SqliteDatabase.Run(connection, FirstStep);
            foreach (var step in steps.Skip(from)) SqliteDatabase.Run(connection, step);
            SqliteDatabase.Run(connection, $"UPDATE schema_version SET version = {steps.Count}");
            SqliteDatabase.Run(connection, "COMMIT");
            if (from < steps.Count) logger.Migrated(from, steps.Count);
        }
        catch
        {
            RollBack(connection);
            throw;
        }
    }

    private static int CheckedVersion(SqliteConnection connection, string path, int newest)
    {
        var version = 0L;
        if (Scalar(connection, "SELECT count(*) FROM sqlite_master WHERE name = 'schema_version'") > 0)
        {
            version = Scalar(connection, "SELECT max(version) FROM schema_version");
        }
        else if (Scalar(connection, "SELECT count(*) FROM sqlite_master") > 0)
        {
            throw new StoreException(
                $"{StoreOptionsValidator.Section}:Path is '{path}', which is the database of another program.", isTransient: false);
        }

        if (version > newest)
        {
            throw new StoreException(
                $"{StoreOptionsValidator.Section}:Path is '{path}', whose schema has version {version}; this program knows versions up to "
                + $"{newest}. Run a newer program, or name another file.", isTransient: false);
        }

        return (int)version;
    }

    private static long Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static void RollBack(SqliteConnection connection)
    {
        try
        {
            SqliteDatabase.Run(connection, "ROLLBACK");
        }
        catch (SqliteException)
        {
            // Some errors have rolled back already.
        }
    }
}
