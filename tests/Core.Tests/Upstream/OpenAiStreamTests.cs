using System.Text;
using OrleansCache.Testing;

namespace OrleansCache.Core.Tests.Upstream;

public sealed class OpenAiStreamTests : UpstreamTestBase
{
    [Fact]
    public async Task Call_Stream_GivesTheFirstEventBeforeTheSecondIsSent()
    {
        var second = new TaskCompletionSource();
        Server.Handler = async context =>
        {
            context.Response.ContentType = "text/event-stream; charset=utf-8";
            await ScriptedServer.SendAsync(context, "data: {\"a\":1}\n\n");
            await second.Task.WaitAsync(Patience);
            await ScriptedServer.SendAsync(context, "data: {\"a\":2}\n\ndata: [DONE]\n\n");
        };

        await using var answer = await Create().CallAsync(Streamed(), default).WaitAsync(Patience);
        await using var events = answer.Events.ShouldNotBeNull().GetAsyncEnumerator();
        (await events.MoveNextAsync().AsTask().WaitAsync(Patience)).ShouldBeTrue();
        Encoding.UTF8.GetString(events.Current.Span).ShouldBe("{\"a\":1}");
        var first = events.Current;
        second.SetResult();
        (await events.MoveNextAsync().AsTask().WaitAsync(Patience)).ShouldBeTrue();
        Encoding.UTF8.GetString(events.Current.Span).ShouldBe("{\"a\":2}");
        (await events.MoveNextAsync().AsTask().WaitAsync(Patience)).ShouldBeFalse();

        Encoding.UTF8.GetString(first.Span).ShouldBe("{\"a\":1}", "each event has memory of its own");
        answer.SawDone().ShouldBeTrue();
    }

    [Fact]
    public async Task Call_HeadersOfAStream_ComeBeforeTheFirstEvent()
    {
        var first = new TaskCompletionSource();
        Server.Handler = async context =>
        {
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers["x-request-id"] = "r";
            await context.Response.Body.FlushAsync();
            await first.Task.WaitAsync(Patience);
            await ScriptedServer.SendAsync(context, "data: {}\n\n");
        };

        await using var answer = await Create().CallAsync(Streamed(), default).WaitAsync(Patience);

        answer.Headers.ShouldContain(KeyValuePair.Create("x-request-id", "r"));
        first.SetResult();
        (await ReadAsync(answer)).ShouldBe(["{}"]);
    }

    [Fact]
    public async Task Call_StreamSplitAtEveryByte_GivesTheSameEvents()
    {
        const string Text = "\uFEFF: hello\ndata: {\"a\":\"é雪\"}\n\nevent: x\r\ndata: {\r\ndata: \"b\":2}\r\n\r\nid: 7\nretry: 10\ndata:{\"c\":3}\n\n:\n\ndata: [DONE]\n\n";
        var bytes = Encoding.UTF8.GetBytes(Text);
        var at = 0;
        Server.Handler = async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.WriteAsync(bytes.AsMemory(0, at));
            await context.Response.Body.FlushAsync();
            await context.Response.Body.WriteAsync(bytes.AsMemory(at));
        };
        var upstream = Create();

        for (at = 1; at < bytes.Length; at++)
        {
            await using var answer = await upstream.CallAsync(Streamed(), default).WaitAsync(Patience);
            (await ReadAsync(answer)).ShouldBe(["{\"a\":\"é雪\"}", "{\n\"b\":2}", "{\"c\":3}"], $"split at {at}");
            answer.SawDone().ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData("data: {}\n\n", false)]
    [InlineData("data: {}\n\ndata: [DONE]\n\n", true)]
    [InlineData("data: {}\r\rdata:[DONE]\r\r", true)]
    [InlineData("data: {}\n\ndata: [DONE]\n", true)]
    [InlineData("data: {}\n\ndata: [DONE]", true)]
    [InlineData("data: {}\n\ndata: [DONE", false)]
    [InlineData("data: {}\n\ndata: {\"half\":", false)]
    [InlineData("data: {}\n\ndata: [DONE]\n\ndata: {\"late\":1}\n\n", true)]
    public async Task Call_EndOfStream_TellsWhetherItWasDone(string text, bool done)
    {
        Server.Handler = ScriptedServer.Sse(text);

        await using var answer = await Create().CallAsync(Streamed(), default);

        (await ReadAsync(answer)).ShouldBe(["{}"]);
        answer.SawDone().ShouldBe(done);
    }

    [Fact]
    public async Task Call_JsonToAStreamRequest_IsWhole()
    {
        Server.Handler = ScriptedServer.Json("{\"x\":1}");

        await using var answer = await Create().CallAsync(Streamed(), default);

        answer.Events.ShouldBeNull();
        Encoding.UTF8.GetString(answer.Body.Span).ShouldBe("{\"x\":1}");
    }

    [Fact]
    public async Task Call_EventsToAPlainRequest_AreEvents()
    {
        Server.Handler = ScriptedServer.Sse("data: {\"x\":1}\n\ndata: [DONE]\n\n");

        await using var answer = await Create().CallAsync(Plain(), default);

        (await ReadAsync(answer)).ShouldBe(["{\"x\":1}"]);
    }

    [Fact]
    public async Task Call_StreamReadToItsEnd_KeepsTheConnection()
    {
        HashSet<string> connections = [];
        Server.Handler = async context =>
        {
            lock (connections) connections.Add(context.Connection.Id);
            await ScriptedServer.Sse("data: {}\n\ndata: [DONE]\n\n")(context);
        };
        var upstream = Create();

        for (var i = 0; i < 5; i++)
        {
            await using var answer = await upstream.CallAsync(Streamed(), default);
            await ReadAsync(answer);
        }

        connections.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Dispose_MidStream_CutsTheConnection()
    {
        var aborted = new TaskCompletionSource();
        Server.Handler = async context =>
        {
            using var registration = context.RequestAborted.Register(() => aborted.TrySetResult());
            context.Response.ContentType = "text/event-stream";
            await ScriptedServer.SendAsync(context, "data: {}\n\n");
            await aborted.Task.WaitAsync(Patience);
        };

        var answer = await Create().CallAsync(Streamed(), default).WaitAsync(Patience);
        await using (var events = answer.Events.ShouldNotBeNull().GetAsyncEnumerator()) await events.MoveNextAsync();
        await answer.DisposeAsync();

        await aborted.Task.WaitAsync(Patience);
    }
}
