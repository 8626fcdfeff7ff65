using Microsoft.Data.Sqlite;
using OrleansCache.Core.Storage;
using OrleansCache.Core.Storage.Sqlite;
using OrleansCache.Testing;

namespace OrleansCache.Storage.Tests.Sqlite;

/// <summary>A wrong path fails the start with a message that names the setting.</summary>
public sealed class SqliteOpeningTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_NotADatabase_IsRefused()
    {
        await File.WriteAllTextAsync(_folder.File("x.db"), new string('x', 5000));

        await ShouldRefuseAsync(_folder.File("x.db"), "not an SQLite database");
        (await File.ReadAllTextAsync(_folder.File("x.db"))).Length.ShouldBe(5000);
    }

    [Fact]
    public Task Open_Directory_IsRefused() => ShouldRefuseAsync(_folder.Path, "is a directory");

    [Fact]
    public async Task Open_FolderIsAFile_IsRefused()
    {
        await File.WriteAllTextAsync(_folder.File("file"), "");

        await ShouldRefuseAsync(_folder.File("file/inner/x.db"), "cannot be made or written");
    }

    [Fact]
    public Task Open_FolderThatNobodyMayWrite_IsRefused() => ShouldRefuseAsync("/proc/orleanscache/x.db", "cannot be made or written");

    [Fact]
    public async Task Open_DatabaseOfAnotherProgram_IsRefused()
    {
        await ExecuteAsync("CREATE TABLE songs (title TEXT)");

        await ShouldRefuseAsync(_folder.File("x.db"), "another program");
    }

    [Fact]
    public void Open_LockedByAnother_IsTransient() =>
        SqliteErrors.TranslateOpening(new SqliteException("database is locked", 5), "x.db").IsTransient.ShouldBeTrue();

    [Fact]
    public async Task Open_NewFileAndFolder_AreTheOwnersAlone()
    {
        if (OperatingSystem.IsWindows()) return;
        var path = _folder.File("new/x.db");
        await using var store = StoreParts.Sqlite(path, TimeProvider.System);
        await store.OpenAsync(default).Soon();
        await store.PutAsync(Entries.Make(new ManualClock(DateTimeOffset.UtcNow), Entries.Key(1)), default).Soon();

        var folder = Path.GetDirectoryName(path)!;
        File.GetUnixFileMode(folder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.GetFiles(folder).Select(Path.GetFileName).ShouldBe(["x.db", "x.db-wal", "x.db-shm"], ignoreOrder: true);
        foreach (var file in Directory.GetFiles(folder))
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
    }

    [Fact]
    public async Task Open_ExistingFile_KeepsItsMode()
    {
        if (OperatingSystem.IsWindows()) return;
        const UnixFileMode Shared = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        await File.WriteAllTextAsync(_folder.File("x.db"), "");
        File.SetUnixFileMode(_folder.File("x.db"), Shared);
        await using var store = StoreParts.Sqlite(_folder.File("x.db"), TimeProvider.System);
        await store.OpenAsync(default).Soon();

        File.GetUnixFileMode(_folder.File("x.db")).ShouldBe(Shared);
    }

    [Theory]
    [InlineData(Durability.Process)]
    [InlineData(Durability.Machine)]
    public async Task Put_EitherDurability_IsKept(Durability durability)
    {
        await using (var store = StoreParts.Sqlite(_folder.File("x.db"), TimeProvider.System, o => o.Durability = durability))
        {
            await store.OpenAsync(default).Soon();
            await store.PutAsync(Entries.Make(new ManualClock(DateTimeOffset.UtcNow), Entries.Key(1)), default).Soon();
        }

        await using var again = StoreParts.Sqlite(_folder.File("x.db"), TimeProvider.System);
        await again.OpenAsync(default).Soon();
        (await again.GetAsync(Entries.Key(1), default).Soon()).ShouldNotBeNull();
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={_folder.File("x.db")};Pooling=false");
        await connection.OpenAsync();
        SqliteDatabase.Run(connection, sql);
    }

    private static async Task ShouldRefuseAsync(string path, string why)
    {
        await using var store = StoreParts.Sqlite(path, TimeProvider.System);
        var fault = await Should.ThrowAsync<StoreException>(store.OpenAsync(default).Soon());
        fault.IsTransient.ShouldBeFalse();
        fault.Message.ShouldContain("OrleansCache:Store:Path");
        fault.Message.ShouldContain(path);
        fault.Message.ShouldContain(why);
    }
}
