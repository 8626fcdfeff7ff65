using Microsoft.Data.Sqlite;

namespace OrleansCache.Standalone.Tests.Crash;

/// <summary>Looks into a database while the program has it open, or without it.</summary>
internal static class DatabaseFile
{
    public static T Scalar<T>(string path, string sql)
    {
        using var connection = Open(path);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (T)command.ExecuteScalar()!;
    }

    public static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=false;Mode=ReadWrite");
        connection.Open();
        return connection;
    }
}
