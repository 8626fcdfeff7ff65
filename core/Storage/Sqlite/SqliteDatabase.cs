using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace OrleansCache.Core.Storage.Sqlite;

/// <summary>Opens connections to the file and brings its schema up to date.</summary>
internal static class SqliteDatabase
{
    // Others may hold the lock while they migrate; afterwards a busy file is a fault that the guard handles.
    private const int OpeningSeconds = 10;
    private const int BusySeconds = 1;

    public static SqliteConnection OpenWriter(string path, Durability durability, ILogger logger)
    {
        if (Directory.Exists(path))
            throw new StoreException($"{StoreOptionsValidator.Section}:Path is '{path}', which is a directory; it must name a file.", false);
        SqliteConnection? connection = null;
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder) PrivateFile.MakeFolder(folder);
            if (!File.Exists(path)) MakeFile(path);
            connection = Open(path, OpeningSeconds, SqliteOpenMode.ReadWriteCreate);
            UseWal(connection, path);
            Run(connection, durability == Durability.Machine ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            Run(connection, "PRAGMA cache_size = -16384; PRAGMA journal_size_limit = 67108864");
            SqliteMigrations.Run(connection, path, SqliteSchema.Steps, logger);
            connection.DefaultTimeout = BusySeconds;
            Run(connection, $"PRAGMA busy_timeout = {BusySeconds * 1000}");
            return connection;
        }
        catch (Exception e)
        {
            connection?.Dispose();
            throw SqliteErrors.TranslateOpening(e, path);
        }
    }

    public static SqliteConnection OpenReader(string path)
    {
        // Making a missing file is the writer's business: it finds out by its absence that the one it has open was deleted.
        return Open(path, BusySeconds, SqliteOpenMode.ReadWrite, "PRAGMA query_only = 1; PRAGMA cache_size = -8192");
    }

    public static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static SqliteConnection Open(string path, int busySeconds, SqliteOpenMode mode, string pragmas = "")
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = busySeconds,
        }.ConnectionString);
        try
        {
            connection.Open();
            Run(connection, $"PRAGMA busy_timeout = {busySeconds * 1000}; {pragmas}");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // SQLite gives its other files the mode of this one. It gets its name when it is closed: closing a file takes away the locks that
    // this process has on it, and another store may open it as soon as it has its name. What stands in the way SQLite will say.
    private static void MakeFile(string path)
    {
        var draft = $"{path}.{Guid.NewGuid():N}";
        try
        {
            PrivateFile.Open(draft, FileMode.CreateNew).Dispose();
            File.Move(draft, path, overwrite: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(draft);
        }
    }

    private static void UseWal(SqliteConnection connection, string path)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL";
        if (command.ExecuteScalar() is not "wal")
        {
            throw new StoreException(
                $"{StoreOptionsValidator.Section}:Path is '{path}', on a file system without shared memory (WAL); use a local disk.", false);
        }
    }
}
