using System.Diagnostics;
using OrleansCache.Standalone.Tests.Harness;
using OrleansCache.Testing;

namespace OrleansCache.Standalone.Tests.Shutdown;

public sealed class StopTests
{
    [Fact]
    public async Task Stop_WithAStreamInFlight_TurnsNewConnectionsAwayFinishesAndStores()
    {
        using var folder = new TempFolder();
        await using var upstream = await HeldUpstream.StartAsync();
        var body = new ChatBody("Tell me a long story", Stream: true);
        string whole;
        await using (var process = await StandaloneProcess.StartAsync(folder.Path, upstream.Settings))
        {
            using var answer = await LiveAnswer.OpenAsync(process.Http, body);
            process.Terminate();
            await Eventually.TrueAsync(process.RefusesConnectionsAsync);
            process.HasExited.ShouldBeFalse();

            upstream.Release();
            whole = await answer.ReadToEndAsync();
            ChatText.OfStream(whole).Content.ShouldBe(HeldUpstream.Content);
            (await process.ExitAsync()).ShouldBe(0, process.Output);
        }

        await using var restarted = await StandaloneProcess.StartAsync(folder.Path, upstream.Settings);
        var kept = await Received.OfAsync(restarted.Http, body, "only-if-cached");
        kept.Source.ShouldBe("HIT");
        kept.Chat.ShouldBe(ChatText.OfStream(whole));
    }

    [Fact]
    public async Task Stop_Idle_EndsWithinTwoSeconds()
    {
        using var folder = new TempFolder();
        await using var process = await StandaloneProcess.StartAsync(folder.Path);
        // Leaves an idle connection and an entry behind.
        (await Received.OfAsync(process.Http, new ChatBody("Hello"))).Source.ShouldBe("MISS");

        var started = Stopwatch.GetTimestamp();
        var code = await process.StopAsync();

        code.ShouldBe(0, process.Output);
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(2), process.Output);
    }
}
