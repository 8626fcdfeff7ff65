using Microsoft.Data.Sqlite;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Storage.Sqlite;
using OrleansCache.Testing;

namespace OrleansCache.Storage.Tests.Sqlite;

/// <summary>No statement of everyday use reads the whole table, and a large store opens at once.</summary>
public sealed class SqlitePlanTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private SqliteConnection _connection = null!;

    public static TheoryData<string> Statements =>
    [
        SqliteSql.Get, SqliteSql.Find, SqliteSql.FindById, SqliteSql.DeleteById, SqliteSql.DeleteByKey, SqliteSql.Sweep, SqliteSql.Recent,
        SqliteSql.Statistics,
        Ids(new EntryFilter { Scope = "s" }), Ids(new EntryFilter { Tenant = "s" }), Ids(new EntryFilter { Model = "m" }),
        Ids(new EntryFilter { Tag = "t" }), Ids(new EntryFilter { Key = Entries.Key(1) }),
        Ids(new EntryFilter { Scope = "s", Model = "m", Tag = "t" }), Ids(new EntryFilter { Tenant = "s", Tag = "t" }),
    ];

    public async Task InitializeAsync()
    {
        await using var store = StoreParts.Sqlite(_folder.File("x.db"), TimeProvider.System);
        await store.OpenAsync(default);
        _connection = new SqliteConnection($"Data Source={_folder.File("x.db")};Pooling=false");
        await _connection.OpenAsync();
    }

    public async Task DisposeAsync()
    {
        await _connection.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Statements))]
    public void Plan_OfEveryStatement_SearchesAnIndex(string sql)
    {
        var plan = Plan(sql);

        plan.ShouldNotBeEmpty();
        plan.ShouldNotContain(step => step.StartsWith("SCAN completions"), string.Join("\n", plan));
    }

    [Fact]
    public void Plan_OfTheNewest_NeedsNoSort() => Plan(SqliteSql.Recent).ShouldNotContain(step => step.Contains("TEMP B-TREE"));

    [Fact]
    public void Plan_OfAFullExport_TakesTheKeysFromTheIndexAlone() =>
        Plan(SqliteSql.Ids(new EntryFilter(), inKeyOrder: true).Sql).ShouldBe(["SCAN completions USING COVERING INDEX completions_key"]);

    private static string Ids(EntryFilter filter) => SqliteSql.Ids(filter, inKeyOrder: false).Sql;

    private List<string> Plan(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + sql;
        foreach (var name in (string[])["@key", "@id", "@now", "@batch", "@scope", "@endpoint", "@limit", "@model", "@tag", "@tenant", "@inner", "@after"])
            if (sql.Contains(name)) command.Parameters.AddWithValue(name, 1);
        using var rows = command.ExecuteReader();
        var plan = new List<string>();
        while (rows.Read()) plan.Add(rows.GetString(3));
        return plan;
    }
}
