using Microsoft.Data.Sqlite;

namespace OrleansCache.Core.Storage.Sqlite;

/// <summary>Says what an SQLite error means for the caller.</summary>
internal static class SqliteErrors
{
    public const int Full = 13;

    private const int Perm = 3;
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int CannotOpen = 14;
    private const int TooBig = 18;
    private const int Constraint = 19;
    private const int Mismatch = 20;
    private const int Auth = 23;
    private const int NotADatabase = 26;

    /// <summary>Whether the fault lies in the entry, so that it can never be written and others can.</summary>
    public static bool IsOfEntry(Exception fault) =>
        fault is SqliteException { SqliteErrorCode: TooBig or Constraint or Mismatch };

    public static StoreException Translate(Exception fault, string path) => fault switch
    {
        StoreException known => known,
        SqliteException e when IsOfEntry(e) => new($"The entry cannot be stored: {e.Message}", isTransient: false, e),
        SqliteException or IOException => new($"The store {path} failed: {fault.Message}", isTransient: true, fault),
        _ => new($"The store {path} failed: {StorageLog.Words(fault)}", isTransient: true, fault),
    };

    public static StoreException TranslateOpening(Exception fault, string path)
    {
        var where = $"{StoreOptionsValidator.Section}:Path is '{path}'";
        return fault switch
        {
            StoreException known => known,
            SqliteException { SqliteErrorCode: NotADatabase } => new($"{where}, which is not an SQLite database.", false, fault),
            SqliteException { SqliteErrorCode: ReadOnly } => new($"{where}, which is read-only; it must be writable.", false, fault),
            SqliteException { SqliteErrorCode: CannotOpen or Perm or Auth } =>
                new($"{where}, which cannot be opened; it must be a file that this user may write, in a folder too.", false, fault),
            SqliteException { SqliteErrorCode: Busy or Locked } =>
                new($"{where}, which another process keeps locked.", true, fault),
            UnauthorizedAccessException or DirectoryNotFoundException or NotSupportedException or ArgumentException =>
                new($"{where}; its folder cannot be made or written: {fault.Message}", false, fault),
            IOException => new($"{where}; its folder cannot be made or written: {fault.Message}", false, fault),
            _ => new($"{where}, which cannot be opened: {fault.Message}", true, fault),
        };
    }
}
