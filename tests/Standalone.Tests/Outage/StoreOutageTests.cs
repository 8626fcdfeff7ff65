using Microsoft.Data.Sqlite;
using OrleansCache.Standalone.Tests.Crash;
using OrleansCache.Standalone.Tests.Harness;
using OrleansCache.Testing;

namespace OrleansCache.Standalone.Tests.Outage;

public sealed class StoreOutageTests
{
    private static readonly (string, string)[] Settings = [("OrleansCache:Store:WriteDeadline", "00:00:00.2")];

    [Fact]
    public async Task Outage_DatabaseLockedByAnother_AnswersGoOnAndAreWrittenAfterwards()
    {
        using var folder = new TempFolder();
        var path = folder.File("data/orleanscache.db");
        var during = new List<(ChatBody Body, Received Answer)>();
        await using (var process = await StandaloneProcess.StartAsync(folder.Path, Settings))
        {
            (await Received.OfAsync(process.Http, new ChatBody("Before"))).Degraded.ShouldBe("");
            using (var other = DatabaseFile.Open(path))
            {
                using var transaction = other.BeginTransaction(deferred: false);
                for (var i = 0; i < 4; i++)
                {
                    var body = new ChatBody($"During {i}", Stream: i % 2 == 1);
                    during.Add((body, await Received.OfAsync(process.Http, body)));
                }

                during.ShouldAllBe(d => (int)d.Answer.Status == 200 && d.Answer.Source == "MISS");
                // A stream's headers are sent before its answer is written.
                during.Where(d => !d.Body.Stream).ShouldAllBe(d => d.Answer.Degraded == "store");
                // What is in memory is served all the same.
                (await Received.OfAsync(process.Http, during[0].Body)).Source.ShouldBe("HIT");
            }

            await Eventually.TrueAsync(() => during.TrueForAll(d => IsStored(path, d.Answer.Key)), TimeSpan.FromSeconds(40));
            await Eventually.TrueAsync(
                async () => (await Received.OfAsync(process.Http, new ChatBody($"After {Guid.NewGuid()}"))).Degraded.Length == 0,
                TimeSpan.FromSeconds(40));
            (await process.StopAsync()).ShouldBe(0, process.Output);
        }

        await using var restarted = await StandaloneProcess.StartAsync(folder.Path);
        foreach (var (body, answer) in during)
            (await Received.OfAsync(restarted.Http, body, "only-if-cached")).Chat.ShouldBe(answer.Chat);
    }

    [Fact]
    public async Task Outage_DatabaseDeleted_AnswersGoOnInANewOne()
    {
        using var folder = new TempFolder();
        var path = folder.File("data/orleanscache.db");
        await using var process = await StandaloneProcess.StartAsync(folder.Path, Settings);
        (await Received.OfAsync(process.Http, new ChatBody("Before"))).Source.ShouldBe("MISS");

        foreach (var file in Directory.EnumerateFiles(folder.File("data"), "orleanscache.db*")) File.Delete(file);
        var answers = new List<Received>();
        for (var i = 0; i < 4; i++) answers.Add(await Received.OfAsync(process.Http, new ChatBody($"After {i}")));

        answers.ShouldAllBe(a => (int)a.Status == 200 && a.Source == "MISS");
        (await Received.OfAsync(process.Http, new ChatBody("Before"))).Source.ShouldBe("HIT");
        await Eventually.TrueAsync(() => File.Exists(path) && answers.TrueForAll(a => IsStored(path, a.Key)), TimeSpan.FromSeconds(40));
    }

    private static bool IsStored(string path, string key)
    {
        try
        {
            return DatabaseFile.Scalar<long>(path, $"SELECT count(*) FROM completions WHERE hex(key) = upper('{key}')") == 1;
        }
        catch (SqliteException)
        {
            // The new file has no tables yet.
            return false;
        }
    }
}
