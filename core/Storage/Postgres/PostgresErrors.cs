using System.Data.Common;
using System.Net.Sockets;
using Npgsql;

namespace OrleansCache.Core.Storage.Postgres;

/// <summary>Says what an error of Postgres means for the caller.</summary>
internal static class PostgresErrors
{
    /// <summary>Deadlock or serialisation failure: the same statement succeeds when run again.</summary>
    public static bool IsConflict(Exception fault) => fault is PostgresException { SqlState: "40P01" or "40001" };

    /// <summary>Whether the fault lies in the entry (data, constraint, program limit), so that it can never be written and others can.</summary>
    public static bool IsOfEntry(Exception fault) =>
        fault is PostgresException { SqlState: ['2', '2' or '3', ..] or ['5', '4', ..] } or StoreException { IsTransient: false };

    public static Exception Translate(Exception fault, string address) => fault switch
    {
        StoreException or OperationCanceledException => fault,
        _ when IsOfEntry(fault) => new StoreException($"The entry cannot be stored: {fault.Message}", isTransient: false, fault),
        DbException or IOException or SocketException or TimeoutException =>
            new StoreException($"The store {address} failed: {fault.Message}", isTransient: true, fault),
        _ => new StoreException($"The store {address} failed: {StorageLog.Words(fault)}", isTransient: true, fault),
    };

    public static Exception TranslateOpening(Exception fault, string address)
    {
        if (fault is StoreException or OperationCanceledException) return fault;
        // Wrong password or user, no such database or schema, no right to make tables: waiting changes nothing.
        var isTransient = fault is not PostgresException { SqlState: ['2', '8', ..] or "3D000" or "3F000" or "42501" };
        return new StoreException(
            $"{StoreOptionsValidator.Section}:ConnectionString names {address}, which cannot be opened: {fault.Message}",
            isTransient, fault);
    }
}
