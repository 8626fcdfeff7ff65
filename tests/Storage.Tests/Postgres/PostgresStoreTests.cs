using Npgsql;
using OrleansCache.Core.Storage;
using OrleansCache.Core.Storage.Postgres;
using OrleansCache.Testing;

namespace OrleansCache.Storage.Tests.Postgres;

/// <summary>What concerns Postgres alone: plans, folded totals, entries it cannot take, wrong databases.</summary>
[Collection(PostgresTests.Name)]
public sealed class PostgresStoreTests(PostgresFixture fixture) : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private string _connectionString = "";
    private PostgresCompletionStore _store = null!;

    public async Task InitializeAsync()
    {
        _connectionString = await fixture.Server.CreateDatabaseAsync();
        _store = StoreParts.Postgres(_connectionString, _clock);
        await _store.OpenAsync(default);
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task Totals_AfterASweep_AreFoldedAndUnchanged()
    {
        for (var i = 0; i < 30; i++) await _store.PutAsync(Entries.Make(_clock, Entries.Key(i % 10), new string('x', i), model: $"m{i % 2}"), default).Soon();
        var before = await _store.GetStatisticsAsync(default).Soon();

        await _store.SweepAsync(500, default).Soon();

        var after = await _store.GetStatisticsAsync(default).Soon();
        after.Models.ShouldBe(before.Models);
        (after.Entries, after.Bytes).ShouldBe((before.Entries, before.Bytes));
        (await ScalarAsync("SELECT count(*) FROM completion_totals")).ShouldBe(2);
    }

    [Fact]
    public async Task Put_TooLongForAnIndex_IsRefusedForGoodAndHarmsNoOther()
    {
        var random = new Random(3);
        var scope = string.Concat(Enumerable.Range(0, 9000).Select(_ => (char)random.Next(0x4e00, 0x9000)));
        var puts = Enumerable.Range(0, 20)
            .Select(i => _store.PutAsync(Entries.Make(_clock, Entries.Key(i), scope: i == 7 ? scope : "ok"), default).Soon()).ToList();

        (await Should.ThrowAsync<StoreException>(puts[7])).IsTransient.ShouldBeFalse();

        puts.RemoveAt(7);
        await Task.WhenAll(puts);
    }

    [Theory]
    [InlineData("SELECT key FROM completions WHERE scope = 's'")]
    [InlineData("SELECT key FROM completions WHERE model = 'm'")]
    [InlineData("SELECT key FROM completions WHERE tags @> ARRAY['t'] AND tags <> '{}'")]
    [InlineData("SELECT key FROM completions WHERE (scope = 't' OR (scope >= 't/' AND scope < 't0'))")]
    [InlineData("SELECT key FROM completions WHERE keep_until <= 1 ORDER BY keep_until LIMIT 500 FOR UPDATE SKIP LOCKED")]
    [InlineData("SELECT key FROM completions WHERE scope = 's' AND endpoint = 1 AND keep_until > 1 ORDER BY created_at DESC LIMIT 9")]
    public async Task Plan_OfEveryFilter_CanUseAnIndex(string sql)
    {
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync();
        await using (var off = new NpgsqlCommand("SET enable_seqscan = off", connection)) await off.ExecuteNonQueryAsync();
        await using var explain = new NpgsqlCommand("EXPLAIN " + sql, connection);
        var plan = new List<string>();
        await using var rows = await explain.ExecuteReaderAsync();
        while (await rows.ReadAsync()) plan.Add(rows.GetString(0));

        string.Join("\n", plan).ShouldNotContain("Seq Scan");
    }

    [Fact]
    public async Task Open_NoSuchDatabase_IsNotTransient()
    {
        var builder = new NpgsqlConnectionStringBuilder(_connectionString) { Database = "nowhere" };
        await using var store = StoreParts.Postgres(builder.ConnectionString, _clock);

        (await Should.ThrowAsync<StoreException>(store.OpenAsync(default).Soon())).IsTransient.ShouldBeFalse();
    }

    [Fact]
    public async Task Sweep_SeveralSilosAtOnce_NoneWaitsAndAllGoes()
    {
        await Task.WhenAll(Enumerable.Range(0, 400).Select(i => _store.PutAsync(Entries.Make(_clock, Entries.Key(i), keep: TimeSpan.FromSeconds(1)), default).Soon()));
        _clock.Advance(TimeSpan.FromSeconds(1));

        var swept = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            var sum = 0;
            for (var n = 1; n > 0; sum += n) n = await _store.SweepAsync(20, default).Soon();
            return sum;
        }));

        swept.Sum().ShouldBe(400);
        (await _store.GetStatisticsAsync(default).Soon()).Entries.ShouldBe(0);
    }

    private async Task<long> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
