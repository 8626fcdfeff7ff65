using Microsoft.Extensions.Logging;
using Npgsql;

namespace OrleansCache.Core.Storage.Postgres;

/// <summary>Brings the schema up to date in one transaction under an advisory lock: of several silos one does it and the others wait.</summary>
internal static class PostgresMigrations
{
    // "ORLEANSC" in ASCII; any fixed number that no other program uses will do.
    private const long Lock = 0x4F524C45414E5343;

    public static async Task RunAsync(
        NpgsqlDataSource source, string address, IReadOnlyList<string> steps, ILogger logger, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        if (await CheckedVersionAsync(connection, address, steps.Count, cancellationToken) == steps.Count) return;
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RunAsync(connection, $"SELECT pg_advisory_xact_lock({Lock})", cancellationToken);
        var from = await CheckedVersionAsync(connection, address, steps.Count, cancellationToken);
        if (from == 0)
        {
            await RunAsync(
                connection, "CREATE TABLE schema_version (version integer NOT NULL); INSERT INTO schema_version VALUES (0)", cancellationToken);
        }

        foreach (var step in steps.Skip(from)) await RunAsync(connection, step, cancellationToken);
        await RunAsync(connection, $"UPDATE schema_version SET version = {steps.Count}", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (from < steps.Count) logger.Migrated(from, steps.Count);
    }

    private static async Task<int> CheckedVersionAsync(
        NpgsqlConnection connection, string address, int newest, CancellationToken cancellationToken)
    {
        // Asked of the catalogue's rows: to_regclass may answer from a cache that does not know yet what another silo committed.
        await using var exists = new NpgsqlCommand(
            "SELECT EXISTS (SELECT FROM pg_class WHERE relname = 'schema_version' AND relnamespace = current_schema()::regnamespace)",
            connection);
        if (await exists.ExecuteScalarAsync(cancellationToken) is not true) return 0;
        await using var command = new NpgsqlCommand("SELECT max(version) FROM schema_version", connection);
        var version = await command.ExecuteScalarAsync(cancellationToken) as int? ?? 0;
        return version <= newest
            ? version
            : throw new StoreException(
                $"{StoreOptionsValidator.Section}:ConnectionString names {address}, whose schema has version {version}; this program knows "
                + $"versions up to {newest}. Run a newer program, or name another database.", isTransient: false);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 60 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
