using Npgsql;
using OrleansCache.Core.Storage;
using OrleansCache.Core.Storage.Guard;
using OrleansCache.Core.Storage.Postgres;
using OrleansCache.Testing;

namespace OrleansCache.Storage.Tests.Postgres;

/// <summary>A server that stops, hangs and comes back; one of these tests' own, with its disk flushes on.</summary>
public sealed class PostgresFaultTests : IAsyncLifetime
{
    private readonly ManualClock _dates = new(DateTimeOffset.UtcNow);
    private PostgresServer _server = null!;
    private PostgresCompletionStore _store = null!;
    private GuardedStore _guard = null!;

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.StartNewAsync(durable: true);
        _store = StoreParts.Postgres(await _server.CreateDatabaseAsync(), _dates);
        _guard = StoreParts.Guard(_store, TimeProvider.System, o => o.WriteDeadline = TimeSpan.FromSeconds(2));
        await _guard.OpenAsync(default);
        (await PutAsync("before")).ShouldBe(StoreWrite.Stored);
    }

    public async Task DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
    }

    [Fact]
    public async Task StoppedAndStarted_NothingStoredIsLostAndTheQueueIsWritten()
    {
        await _server.StopAsync();

        (await PutAsync("during")).ShouldBe(StoreWrite.Deferred);
        (await _guard.GetAsync(Entries.Key("before"), default).Soon()).Available.ShouldBeFalse();
        await _server.StartAsync();

        await ShouldRecoverAsync("before", "during");
    }

    [Fact]
    public async Task Frozen_CallersLeaveAtTheirDeadlineAndTheWriteLands()
    {
        await _server.FreezeAsync();

        (await _guard.GetAsync(Entries.Key("before"), default).Soon()).ShouldBe(new StoreRead(null, Available: false));
        (await PutAsync("during")).ShouldBe(StoreWrite.Deferred);
        (await _guard.GetAsync(Entries.Key("during"), default).Soon()).Completion.ShouldNotBeNull();
        await _server.ResumeAsync();

        await ShouldRecoverAsync("before", "during");
    }

    [Fact]
    public async Task Open_NobodyListens_IsTransientAndShowsNoPassword()
    {
        await _server.StopAsync();
        var builder = new NpgsqlConnectionStringBuilder("Host=127.0.0.1;Port=1;Username=u;Password=hunter2;Database=d");
        await using var store = StoreParts.Postgres(builder.ConnectionString, _dates);

        var fault = await Should.ThrowAsync<StoreException>(store.OpenAsync(default).Soon());

        fault.IsTransient.ShouldBeTrue();
        fault.ToString().ShouldNotContain("hunter2");
        fault.Message.ShouldContain("OrleansCache:Store:ConnectionString");
        fault.Message.ShouldContain("u@127.0.0.1:1/d");
    }

    private async Task<StoreWrite> PutAsync(string name) =>
        await _guard.PutAsync(Entries.Make(_dates, Entries.Key(name)), default).Soon();

    private async Task ShouldRecoverAsync(params string[] names)
    {
        using var patience = new CancellationTokenSource(StoreParts.Patience);
        (await _guard.FlushAsync(patience.Token)).ShouldBe(0);
        foreach (var name in names) (await _store.GetAsync(Entries.Key(name), default).Soon()).ShouldNotBeNull();
    }
}
