using OrleansCache.Standalone.Tests.Harness;
using OrleansCache.Testing;

namespace OrleansCache.Standalone.Tests.Crash;

public sealed class KillTests
{
    private const int Rounds = 20;

    private static readonly (string, string)[] Settings =
    [
        // The deadlines are about speed, which is not asked here.
        ("OrleansCache:Store:ReadDeadline", "00:00:30"),
        ("OrleansCache:Store:WriteDeadline", "00:00:30"),
        // Without an upstream in the settings there is a warning.
        ("OrleansCache:Upstreams:0:Kind", "simulated"),
    ];

    [Fact]
    public async Task Kill_TwentyTimesUnderLoad_LosesNothingThatWasAcknowledged()
    {
        using var folder = new TempFolder();
        var random = new Random(20);
        var everything = new List<Acknowledged>();
        var process = await StandaloneProcess.StartAsync(folder.Path, Settings);
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                var load = new CrashLoad(process.Http, round, target: random.Next(20, 150));
                var running = load.RunAsync();
                await Task.WhenAny(load.Reached, running);
                await process.KillAsync();
                await running;
                load.Reached.IsCompletedSuccessfully.ShouldBeTrue($"the load ended by itself:\n{process.Output}");
                everything.AddRange(load.Answers);
                await process.DisposeAsync();

                process = await StandaloneProcess.StartAsync(folder.Path, Settings);
                CheckDatabase(folder.File("data/orleanscache.db"));
                await CheckAnswersAsync(process.Http, load.Answers);
                process.Output.ShouldNotContain("warn:");
                process.Output.ShouldNotContain("fail:");
            }

            await CheckAnswersAsync(process.Http, everything);
        }
        finally
        {
            await process.DisposeAsync();
        }

        everything.Count.ShouldBeGreaterThan(Rounds * 20);
        everything.Count(a => a.Body.Stream).ShouldBeGreaterThan(Rounds);
    }

    private static void CheckDatabase(string path)
    {
        DatabaseFile.Scalar<string>(path, "PRAGMA integrity_check").ShouldBe("ok");
        DatabaseFile.Scalar<long>(path, "SELECT (SELECT count(*) FROM completions) - (SELECT sum(entries) FROM totals)").ShouldBe(0);
    }

    private static async Task CheckAnswersAsync(HttpClient http, IEnumerable<Acknowledged> answers)
    {
        foreach (var (body, before) in answers)
        {
            var after = await Received.OfAsync(http, body with { Stream = false }, "only-if-cached");
            after.Source.ShouldBe("HIT", $"lost: {body}");
            if (body.Stream) after.Chat.ShouldBe(before.Chat);
            else after.Text.ShouldBe(before.Text);
        }
    }
}
