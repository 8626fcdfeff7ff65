using System.Data.Common;
using Npgsql;

namespace OrleansCache.Core.Storage.Postgres;

/// <summary>Reads, checks and shows connection strings. Nothing here ever shows a password.</summary>
internal static class PostgresAddress
{
    /// <summary>Reads the connection string from its setting or its file; returns what is wrong.</summary>
    public static string? Read(StoreOptions options, out string connectionString)
    {
        connectionString = options.ConnectionString ?? "";
        if (string.IsNullOrWhiteSpace(options.ConnectionStringFile)) return null;
        try
        {
            connectionString = File.ReadAllText(options.ConnectionStringFile).Trim();
            return connectionString.Length > 0
                ? null
                : $"{StoreOptionsValidator.Section}:ConnectionStringFile is '{options.ConnectionStringFile}', which is empty.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return $"{StoreOptionsValidator.Section}:ConnectionStringFile is '{options.ConnectionStringFile}', "
                + $"which cannot be read: {e.Message}";
        }
    }

    /// <summary>What is wrong with a connection string, to be read after the setting's name; null when nothing is.</summary>
    public static string? Check(string connectionString)
    {
        if (connectionString.StartsWith("postgres", StringComparison.OrdinalIgnoreCase) && connectionString.Contains("://"))
            return "is a URI; write it as Host=...;Port=...;Database=...;Username=...;Password=...";
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(connectionString);
            return string.IsNullOrEmpty(builder.Host) ? "names no Host." : null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException or OverflowException or InvalidCastException)
        {
            return "is not a connection string of Npgsql; write it as Host=...;Port=...;Database=...;Username=...;Password=...";
        }
    }

    /// <summary>Host, port, database and user alone.</summary>
    public static string Redact(string connectionString)
    {
        if (connectionString.Length == 0) return "(from a file)";
        if (Check(connectionString) is not null) return "(not a connection string)";
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        return $"{builder.Username}@{builder.Host}:{builder.Port}/{builder.Database}";
    }

    /// <summary>The user's connection string with our defaults for what it leaves open.</summary>
    public static string Complete(string connectionString)
    {
        var given = new DbConnectionStringBuilder { ConnectionString = connectionString };
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        Default("Timeout", () => builder.Timeout = 5);
        Default("Command Timeout", () => builder.CommandTimeout = 5);
        Default("Cancellation Timeout", () => builder.CancellationTimeout = 500);
        Default("Maximum Pool Size", () => builder.MaxPoolSize = 16);
        Default("Max Auto Prepare", () => builder.MaxAutoPrepare = 20);
        Default("Auto Prepare Min Usages", () => builder.AutoPrepareMinUsages = 2);
        Default("Keepalive", () => builder.KeepAlive = 30);
        Default("Application Name", () => builder.ApplicationName = "OrleansCache");
        return builder.ConnectionString;

        void Default(string setting, Action set)
        {
            if (!given.ContainsKey(setting) && !given.ContainsKey(setting.Replace(" ", ""))) set();
        }
    }
}
