using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansCache.Core.Upstream;
using OrleansCache.Core.Upstream.Recording;
using OrleansCache.Core.Upstream.Simulation;
using OrleansCache.Testing;

namespace OrleansCache.Core.Tests.Upstream;

public sealed class RecordingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("recording").FullName;

    private string File => Path.Combine(_folder, "calls.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Replay_WhatWasRecorded_GivesEveryByteBack()
    {
        const string Odd = "{ \"a\":1.50,\"b\":\"\\u00e9 é\"}\n";
        var stream = new ScriptedStream(200, ("x-request-id", "r1"));
        stream.Push("{\"odd\" : 1e400}").Push("two\nlines").Complete();
        var upstream = new ScriptedUpstream((request, _) => Task.FromResult(request.Stream ? stream.Answer : ScriptedUpstream.Json(Odd, 200, ("retry-after", "1"))));
        using (var recorder = Record(upstream))
        {
            await recorder.CallAsync(ScriptedUpstream.Request("""{"model":"m","x":1}"""), default);
            await ReadAsync(await recorder.CallAsync(ScriptedUpstream.Request("""{"model":"m","x":2,"stream":true}""", stream: true), default));
        }

        var replay = Replay();
        var plain = await replay.CallAsync(ScriptedUpstream.Request("""{ "x":1, "model":"m", "stream":false }"""), default);
        FoldedAnswer.Text(plain.Body).ShouldBe(Odd);
        plain.Headers.ShouldBe([KeyValuePair.Create("retry-after", "1")]);
        var streamed = await replay.CallAsync(ScriptedUpstream.Request("""{"model":"m","x":2}""", stream: true), default);
        streamed.SawDone().ShouldBeFalse();
        (await ReadAsync(streamed)).ShouldBe(["{\"odd\" : 1e400}", "two\nlines"]);
        streamed.SawDone().ShouldBeTrue();
        streamed.Headers.ShouldBe([KeyValuePair.Create("x-request-id", "r1")]);
    }

    [Fact]
    public async Task Replay_HeadersThatCannotBeHandedOn_AreLeftOut()
    {
        await System.IO.File.WriteAllTextAsync(
            File,
            """{"v":1,"endpoint":"chat/completions","request":{},"status":429,"content_type":"application/json","headers":{"retry-after":"2","x-request-id":"a\r\nb","openai-version":"é","content-length":"7","x-ratelimit-a\nb":"1"},"body":"{}"}"""
            + "\n");

        var answer = await Replay().CallAsync(ScriptedUpstream.Request("{}"), default);

        answer.Status.ShouldBe(429);
        answer.Headers.ShouldBe([KeyValuePair.Create("retry-after", "2")]);
    }

    [Fact]
    public async Task Replay_BytesThatAreNoText_ComeBack()
    {
        byte[] bytes = [0xff, 0x00, 0xfe];
        var upstream = new ScriptedUpstream((_, _) => Task.FromResult(new UpstreamAnswer(200, bytes, "application/octet-stream")));
        using (var recorder = Record(upstream)) await recorder.CallAsync(ScriptedUpstream.Request("{}"), default);

        (await Replay().CallAsync(ScriptedUpstream.Request("{}"), default)).Body.ToArray().ShouldBe(bytes);
    }

    [Fact]
    public void Record_NewFileAndFolder_AreTheOwnersAlone()
    {
        if (OperatingSystem.IsWindows()) return;
        var path = Path.Combine(_folder, "new", "calls.jsonl");
        new RecordingFile(path).Dispose();

        System.IO.File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        System.IO.File.GetUnixFileMode(Path.GetDirectoryName(path)!)
            .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task Record_ConcurrentCalls_WritesWholeLines()
    {
        using (var recorder = Record(new SimulatedUpstream(new SimulationOptions { StableIds = true })))
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, 100), async (i, token) =>
            {
                var stream = i % 2 == 0;
                var answer = await recorder.CallAsync(ScriptedUpstream.Request(Body(i), stream: stream), token);
                if (stream) await ReadAsync(answer);
            });
        }

        (await System.IO.File.ReadAllLinesAsync(File)).Length.ShouldBe(100);
        var simulated = new SimulatedUpstream(new SimulationOptions { StableIds = true });
        var replay = Replay();
        for (var i = 0; i < 100; i++)
        {
            var request = ScriptedUpstream.Request(Body(i), stream: i % 2 == 0);
            var (expected, actual) = (await simulated.CallAsync(request, default), await replay.CallAsync(request, default));
            if (request.Stream) (await ReadAsync(actual)).ShouldBe(await ReadAsync(expected));
            else FoldedAnswer.Text(actual.Body).ShouldBe(FoldedAnswer.Text(expected.Body));
        }

        static string Body(int i) => $$"""{"model":"m","messages":[{"role":"user","content":"{{i}}"}]}""";
    }

    [Fact]
    public async Task Record_BrokenStream_IsNotRecorded()
    {
        var stream = new ScriptedStream();
        stream.Push("{}").Fail(new UpstreamException(UpstreamFault.Reset, "gone"));
        using (var recorder = Record(new ScriptedUpstream((_, _) => Task.FromResult(stream.Answer))))
        {
            var answer = await recorder.CallAsync(ScriptedUpstream.Request("{}", stream: true), default);
            await Should.ThrowAsync<UpstreamException>(() => ReadAsync(answer));
            await answer.DisposeAsync();
        }

        (await System.IO.File.ReadAllTextAsync(File)).ShouldBeEmpty();
        await stream.Disposed.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Replay_Unknown_SaysHowToRecord()
    {
        await System.IO.File.WriteAllTextAsync(File, "");

        var answer = await Replay().CallAsync(ScriptedUpstream.Request("{}"), default);

        answer.Status.ShouldBe(404);
        var error = FoldedAnswer.Parse(answer)["error"]!;
        error["code"]!.GetValue<string>().ShouldBe("replay_miss");
        error["message"]!.GetValue<string>().ShouldContain("RecordTo");
    }

    [Fact]
    public async Task Replay_TruncatedLine_IsSkippedAndTheNextRecordingBeginsItsOwnLine()
    {
        using (var recorder = Record(new ScriptedUpstream())) await recorder.CallAsync(ScriptedUpstream.Request("""{"x":1}"""), default);
        var whole = await System.IO.File.ReadAllTextAsync(File);
        await System.IO.File.WriteAllTextAsync(File, whole + whole[..^20]);

        (await Replay().CallAsync(ScriptedUpstream.Request("""{"x":1}"""), default)).Status.ShouldBe(200);
        using (var recorder = Record(new ScriptedUpstream())) await recorder.CallAsync(ScriptedUpstream.Request("""{"x":2}"""), default);
        (await Replay().CallAsync(ScriptedUpstream.Request("""{"x":2}"""), default)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Replay_ErrorThenSuccess_AnswersTheSuccess()
    {
        var status = 200;
        var upstream = new ScriptedUpstream((_, _) => Task.FromResult(ScriptedUpstream.Json("{}", status)));
        using (var recorder = Record(upstream))
        {
            foreach (var next in new[] { 429, 200, 500 })
            {
                status = next;
                await recorder.CallAsync(ScriptedUpstream.Request("{}"), default);
            }
        }

        (await Replay().CallAsync(ScriptedUpstream.Request("{}"), default)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Replay_WithTiming_KeepsThePace()
    {
        var clock = new ManualClock();
        var stream = new ScriptedStream();
        using (var recorder = Record(new ScriptedUpstream((_, _) => Task.FromResult(stream.Answer)), clock))
        {
            var answer = await recorder.CallAsync(ScriptedUpstream.Request("{}", stream: true), default);
            await using var events = answer.Events!.GetAsyncEnumerator();
            clock.Advance(TimeSpan.FromSeconds(3));
            stream.Push("{}").Complete();
            await events.MoveNextAsync();
            await events.MoveNextAsync();
        }

        var replayed = await Replay(timing: true, clock).CallAsync(ScriptedUpstream.Request("{}", stream: true), default);
        await using var again = replayed.Events!.GetAsyncEnumerator();
        var first = again.MoveNextAsync().AsTask();
        clock.Advance(TimeSpan.FromSeconds(2.9));
        first.IsCompleted.ShouldBeFalse();
        clock.Advance(TimeSpan.FromSeconds(0.1));
        (await first.WaitAsync(TimeSpan.FromSeconds(20))).ShouldBeTrue();
    }

    private static async Task<List<string>> ReadAsync(UpstreamAnswer answer)
    {
        List<string> events = [];
        await foreach (var data in answer.Events.ShouldNotBeNull()) events.Add(Encoding.UTF8.GetString(data.Span));
        return events;
    }

    private RecordingUpstream Record(IUpstream inner, TimeProvider? clock = null) =>
        new(inner, new RecordingFile(File), "test", clock ?? TimeProvider.System, NullLogger.Instance);

    private ReplayUpstream Replay(bool timing = false, TimeProvider? clock = null) =>
        new(File, timing, [], clock ?? TimeProvider.System, NullLogger.Instance);
}
