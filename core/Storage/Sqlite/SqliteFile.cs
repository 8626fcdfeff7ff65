using Microsoft.Data.Sqlite;
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

    public SqliteConnection OpenWriter() => SqliteDatabase.OpenWriter(Path, durability, logger);

    public SqliteConnection OpenReader() => SqliteDatabase.OpenReader(Path);
}
