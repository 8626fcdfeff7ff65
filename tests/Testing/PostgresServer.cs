using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace OrleansCache.Testing;

/// <summary>
/// A PostgreSQL server of the tests' own: made from the installed binaries in a temporary folder, on a free port of 127.0.0.1, and
/// removed at the end. Or the server that ORLEANSCACHE_TEST_POSTGRES names, which cannot be stopped or frozen.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    public const string Variable = "ORLEANSCACHE_TEST_POSTGRES";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string? _binaries;
    private readonly string _folder = "";
    private readonly int _port;
    private readonly string _connectionString;
    private Process? _process;
    private readonly System.Collections.Concurrent.ConcurrentBag<string> _databases = [];

    private PostgresServer(string connectionString) => _connectionString = connectionString;

    private PostgresServer(string binaries, string folder, int port)
        : this($"Host=127.0.0.1;Port={port};Username=tester;Database=postgres") =>
        (_binaries, _folder, _port) = (binaries, folder, port);

    /// <summary>Whether it can be stopped and frozen.</summary>
    public bool IsOwn => _binaries is not null;

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Makes and starts a server.</summary>
    /// <param name="durable">Whether commits are flushed to the disk; costs time.</param>
    public static async Task<PostgresServer> StartNewAsync(bool durable = false)
    {
        if (!durable && Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given) return new PostgresServer(given);
        var folder = Directory.CreateTempSubdirectory("orleanscache-pg-").FullName;
        var server = new PostgresServer(PostgresBinaries.Find(), folder, FreePort());
        try
        {
            await server.InitialiseAsync(durable);
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates a fresh database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test_{Environment.ProcessId}_{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection(_connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync();
        _databases.Add(name);
        return new NpgsqlConnectionStringBuilder(_connectionString) { Database = name }.ConnectionString;
    }

    /// <summary>Starts the server again after <see cref="StopAsync"/>.</summary>
    public async Task StartAsync()
    {
        // In the foreground, as our child: it can be frozen, and it is seen when it ends.
        _process = PostgresBinaries.Start(Path.Combine(_binaries!, "postgres"), "-D", Data);
        _process.BeginErrorReadLine();
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            if (_process.HasExited) throw new InvalidOperationException($"PostgreSQL ended at its start; see {_folder}.");
            try
            {
                await using var connection = new NpgsqlConnection(_connectionString + ";Pooling=false;Timeout=5");
                await connection.OpenAsync(patience.Token);
                return;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(50, patience.Token);
            }
        }
    }

    /// <summary>Stops the server at once, without warning its clients.</summary>
    public async Task StopAsync()
    {
        if (_process is null) return;
        await PostgresBinaries.RunAsync(Path.Combine(_binaries!, "pg_ctl"), "-D", Data, "-m", "immediate", "-w", "stop");
        await WaitForEndAsync();
    }

    /// <summary>Stops every process of the server from running; its sockets stay open, as with a host that hangs.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>Undoes <see cref="FreezeAsync"/>.</summary>
    public Task ResumeAsync() => SignalAsync("CONT");

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (!IsOwn)
        {
            await DropDatabasesAsync();
            return;
        }

        try
        {
            if (_process is { HasExited: false })
            {
                await ResumeAsync();
                await StopAsync();
            }
        }
        catch (InvalidOperationException)
        {
            _process?.Kill(entireProcessTree: true);
        }
        finally
        {
            _process?.Dispose();
            _process = null;
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task DropDatabasesAsync()
    {
        await using var connection = new NpgsqlConnection(_connectionString + ";Pooling=false");
        await connection.OpenAsync();
        foreach (var name in _databases)
        {
            await using var command = new NpgsqlCommand($"DROP DATABASE IF EXISTS {name} WITH (FORCE)", connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private async Task InitialiseAsync(bool durable)
    {
        await PostgresBinaries.GiveAsync(_folder);
        await PostgresBinaries.RunAsync(
            Path.Combine(_binaries!, "initdb"), "-D", Data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        await PostgresBinaries.AppendAsync(
            Path.Combine(Data, "postgresql.conf"),
            $"""

            listen_addresses = '127.0.0.1'
            port = {_port}
            unix_socket_directories = '{_folder}'
            max_connections = 300
            shared_buffers = 64MB
            fsync = {(durable ? "on" : "off")}
            synchronous_commit = {(durable ? "on" : "off")}
            logging_collector = off
            log_min_messages = panic

            """);
    }

    private async Task SignalAsync(string signal)
    {
        var postmaster = (await File.ReadAllLinesAsync(Path.Combine(Data, "postmaster.pid")))[0];
        var children = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Where(id => int.TryParse(id, out _) && ParentOf(id!) == postmaster);
        await PostgresBinaries.RunAsRootAsync("kill", ["-" + signal, postmaster, .. children!]);
    }

    private static string ParentOf(string id)
    {
        try
        {
            // pid (name) state parent ...; the name may hold blanks and brackets.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1];
        }
        catch (IOException)
        {
            return "";
        }
    }

    private async Task WaitForEndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process!.WaitForExitAsync(patience.Token);
    }
}
