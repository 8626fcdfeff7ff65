using Microsoft.Extensions.Logging.Abstractions;
using OrleansCache.Core.Storage;
using OrleansCache.Core.Storage.Sqlite;
using OrleansCache.Testing;

namespace OrleansCache.Storage.Tests.Sqlite;

public sealed class SqliteReadersTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Get_EveryScannerIsBusyAndScansWait_IsAnswered()
    {
        var file = new SqliteFile(_folder.File("cache.db"), Durability.Process, NullLogger.Instance);
        using var writer = file.OpenWriter();
        await using var readers = new SqliteReaders(file);
        using var release = new ManualResetEventSlim();
        var scans = Enumerable.Range(0, 100).Select(_ => readers.ScanAsync(_ => release.Wait(StoreParts.Patience), default)).ToList();
        try
        {
            (await readers.GetAsync(session => session.Get(Entries.Key(1), 0), default).Soon()).ShouldBeNull();
            scans.ShouldAllBe(scan => !scan.IsCompleted);
        }
        finally
        {
            release.Set();
        }

        (await Task.WhenAll(scans).Soon()).ShouldAllBe(released => released);
    }
}
