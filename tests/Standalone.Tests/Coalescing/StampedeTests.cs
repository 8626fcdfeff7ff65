using System.Text;
using OrleansCache.Standalone.Tests.Harness;
using OrleansCache.Testing;

namespace OrleansCache.Standalone.Tests.Coalescing;

public sealed class StampedeTests
{
    private const int Requests = 10_000;
    private const int Together = 250;

    private static readonly ChatBody Plain = new("What does everybody ask at once?");
    private static readonly ChatBody Streamed = Plain with { Stream = true };

    [Fact]
    public async Task Stampede_TenThousandPlainAndStreamed_OneUpstreamCallAndEqualAnswers()
    {
        using var folder = new TempFolder();
        await using var upstream = await HeldUpstream.StartAsync();
        await using var process = await StandaloneProcess.StartAsync(folder.Path, upstream.Settings);
        var streams = new List<LiveAnswer>(Requests / 2);
        var plain = new List<Task<Received>>(Requests / 2);
        try
        {
            // Ten thousand connections, all open until the upstream is let go (twice as many file descriptors are needed, half of them in
            // the other process; .NET raises the soft limit by itself). A wave is let in when the streams of the one before have
            // their first bytes, so that the listening socket's queue does not overflow.
            while (streams.Count < Requests / 2)
            {
                var wave = Enumerable.Range(0, Together).Select(_ => LiveAnswer.OpenAsync(process.Http, Streamed)).ToList();
                plain.AddRange(Enumerable.Range(0, Together).Select(_ => Received.OfAsync(process.Http, Plain)));
                streams.AddRange(await Task.WhenAll(wave));
            }

            plain.ShouldAllBe(p => !p.IsCompleted);
            upstream.Release();
            var texts = await Task.WhenAll(streams.Select(s => s.ReadToEndAsync()));
            var bodies = await Task.WhenAll(plain);

            upstream.Calls.ShouldBe(1);
            (texts.Length + bodies.Length).ShouldBe(Requests);
            texts.Distinct().Count().ShouldBe(1);
            bodies.Select(b => b.Text).Distinct().Count().ShouldBe(1);
            ChatText.OfStream(texts[0]).ShouldBe(bodies[0].Chat);
            bodies[0].Chat.Content.ShouldBe(HeldUpstream.Content);
            bodies.ShouldAllBe(b => (int)b.Status == 200);
            // A plain request that the server had not read yet when the upstream was let go is a hit.
            var sources = streams.Select(s => s.Source).Concat(bodies.Select(b => b.Source)).CountBy(s => s).ToDictionary();
            sources["MISS"].ShouldBe(1);
            (sources["COALESCED"] + sources.GetValueOrDefault("HIT")).ShouldBe(Requests - 1);
            streams.Count(s => s.Source == "COALESCED").ShouldBeInRange((Requests / 2) - 1, Requests / 2);
        }
        finally
        {
            foreach (var stream in streams) stream.Dispose();
        }
    }

    [Fact]
    public async Task Join_HalfWayThroughAStream_HasItsFirstByteAtOnce()
    {
        using var folder = new TempFolder();
        await using var upstream = await HeldUpstream.StartAsync();
        await using var process = await StandaloneProcess.StartAsync(folder.Path, upstream.Settings);
        using var first = await LiveAnswer.OpenAsync(process.Http, Streamed);

        // Comes while the upstream is held: the end of the stream cannot have been what it waited for.
        using var joiner = await LiveAnswer.OpenAsync(process.Http, Streamed);
        joiner.Source.ShouldBe("COALESCED");
        joiner.Text.ShouldStartWith("data: {");
        joiner.Text.ShouldNotContain("[DONE]");

        upstream.Release();
        (await joiner.ReadToEndAsync()).ShouldBe(await first.ReadToEndAsync());
        upstream.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task Leave_FirstCallerOfAStreamHangsUp_HarmsNobody()
    {
        using var folder = new TempFolder();
        await using var upstream = await HeldUpstream.StartAsync();
        await using var process = await StandaloneProcess.StartAsync(folder.Path, upstream.Settings);
        var first = await LiveAnswer.OpenAsync(process.Http, Streamed);
        using var second = await LiveAnswer.OpenAsync(process.Http, Streamed);
        var plain = Received.OfAsync(process.Http, Plain);

        first.Dispose();
        // A caller who comes after the first has gone sees the same flight.
        using var third = await LiveAnswer.OpenAsync(process.Http, Streamed);
        upstream.Release();

        var text = await second.ReadToEndAsync();
        ChatText.OfStream(text).Content.ShouldBe(HeldUpstream.Content);
        (await third.ReadToEndAsync()).ShouldBe(text);
        (await plain).Chat.ShouldBe(ChatText.OfStream(text));
        upstream.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task Leave_OnlyCallerHangsUpBeforeTheAnswer_TheAnswerIsKeptForTheNext()
    {
        using var folder = new TempFolder();
        await using var upstream = await HeldUpstream.StartAsync();
        await using var process = await StandaloneProcess.StartAsync(folder.Path, upstream.Settings);
        using var impatience = new CancellationTokenSource();
        using var content = new StringContent(Plain.ToString(), Encoding.UTF8, "application/json");
        var leaving = process.Http.PostAsync("/v1/chat/completions", content, impatience.Token);
        await upstream.Called.WaitAsync(TimeSpan.FromSeconds(30));
        await impatience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(leaving);
        upstream.Release();

        var next = await Received.OfAsync(process.Http, Plain);

        next.Source.ShouldBeOneOf("COALESCED", "HIT");
        next.Chat.Content.ShouldBe(HeldUpstream.Content);
        upstream.Calls.ShouldBe(1);
    }
}
