using Microsoft.Extensions.Logging;

namespace OrleansCache.Core.Storage.Sqlite;

/// <summary>The database file, and how often it was made anew under the running process.</summary>
internal sealed class SqliteFile(string path, Durability durability, ILogger logger)
{
    private int _generation;

    public string Path { get; } = path;

    /// <summary>Readers open their connection again when this changes.</summary>
    public int Generation => Volatile.Read(ref _generation);

    public void NextGeneration() => Interlocked.Increment(ref _generation);

    /// <exception cref="StoreException">It cannot be opened, or is not what this program made.</exception>
    public SqliteWriteSession OpenWriter()
    {
        var connection = SqliteDatabase.OpenWriter(Path, durability, logger);
        try
        {
            return new SqliteWriteSession(connection);
        }
        catch (Exception e)
        {
            connection.Dispose();
            throw SqliteErrors.TranslateOpening(e, Path);
        }
    }

    public SqliteReadSession OpenReader(StringPool texts)
    {
        var connection = SqliteDatabase.OpenReader(Path);
        try
        {
            return new SqliteReadSession(connection, texts);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
