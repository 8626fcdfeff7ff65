namespace OrleansCache.Core.Storage;

/// <summary>Where and how completions are kept: section <c>OrleansCache:Store</c>.</summary>
public sealed class StoreOptions
{
    /// <summary>The kind of store.</summary>
    /// <value>Default: <see cref="StoreKind.Sqlite"/>.</value>
    public StoreKind Kind { get; set; }

    /// <summary>SQLite: the database file; its folder is made when missing. Relative to the working directory.</summary>
    /// <value>Default: <c>data/orleanscache.db</c>.</value>
    public string Path { get; set; } = "data/orleanscache.db";

    /// <summary>Postgres: the connection string as Npgsql writes it (<c>Host=...;Database=...;Username=...</c>). A secret.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Postgres: a file that holds the connection string, instead of <see cref="ConnectionString"/>.</summary>
    public string? ConnectionStringFile { get; set; }

    /// <summary>Whether requests are kept beside their answers, for operators (look at an entry, explain, export).</summary>
    /// <value>Default: true.</value>
    public bool KeepRequests { get; set; } = true;

    /// <summary>SQLite: what an acknowledged write survives. Postgres has its own setting, <c>synchronous_commit</c>.</summary>
    /// <value>Default: <see cref="Durability.Process"/>.</value>
    public Durability Durability { get; set; }

    /// <summary>How long a request waits for a read before it goes to the upstream instead. 1 ms to 1 minute.</summary>
    /// <value>Default: 250 ms.</value>
    public TimeSpan ReadDeadline { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a request waits for a write before the entry goes to the retry queue. 1 ms to 1 minute.</summary>
    /// <value>Default: 1 second.</value>
    public TimeSpan WriteDeadline { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The most that the retry queue holds, in bytes of bodies and requests. 0 (no queue) to 16 GiB.</summary>
    /// <value>Default: 67,108,864 (64 MiB).</value>
    public long RetryQueueBytes { get; set; } = 64L << 20;

    /// <summary>How often expired completions are deleted. 1 second to 1 day.</summary>
    /// <value>Default: 1 minute.</value>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The settings in one line, without secrets.</summary>
    public override string ToString() => Kind switch
    {
        StoreKind.Sqlite => $"sqlite, {Path}, durability {Durability}",
        StoreKind.Postgres => $"postgres, {Postgres.PostgresAddress.Redact(ConnectionString ?? "")}",
        _ => "none",
    };
}

/// <summary>The kind of store.</summary>
public enum StoreKind
{
    /// <summary>One file on this machine.</summary>
    Sqlite,

    /// <summary>A PostgreSQL server, 14 or later, that many processes may share.</summary>
    Postgres,

    /// <summary>Nothing is kept: completions live in memory alone.</summary>
    None,
}

/// <summary>What a write that was acknowledged as stored survives.</summary>
public enum Durability
{
    /// <summary>The end of the process, <c>kill -9</c> included; a power cut may undo the last writes, never harm the file.</summary>
    Process,

    /// <summary>A power cut too: one disk flush for each group of writes.</summary>
    Machine,
}
