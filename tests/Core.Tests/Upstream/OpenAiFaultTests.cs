using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using OrleansCache.Core.Upstream;
using OrleansCache.Testing;

namespace OrleansCache.Core.Tests.Upstream;

public sealed class OpenAiFaultTests : UpstreamTestBase
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Call_NoFirstByte_TimesOutAndCutsTheConnection()
    {
        Server.Handler = HangAsync;
        var call = Create().CallAsync(Plain(), default);
        await _arrived.Task.WaitAsync(Patience);

        Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromMilliseconds(1));
        call.IsCompleted.ShouldBeFalse();
        Clock.Advance(TimeSpan.FromMilliseconds(1));

        var fault = await Should.ThrowAsync<UpstreamException>(() => call.WaitAsync(Patience));
        fault.Fault.ShouldBe(UpstreamFault.Timeout);
        fault.Message.ShouldBe("Upstream 'test' sent no first byte within 300 s (OrleansCache:Upstreams:0:FirstByteTimeout).");
        await _aborted.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task Read_SilenceInAStream_TimesOut()
    {
        Server.Handler = async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await ScriptedServer.SendAsync(context, "data: {}\n\n");
            await HangAsync(context);
        };
        await using var answer = await Create().CallAsync(Streamed(), default).WaitAsync(Patience);
        await using var events = answer.Events.ShouldNotBeNull().GetAsyncEnumerator();
        await events.MoveNextAsync().AsTask().WaitAsync(Patience);

        // A reader that pauses is not the upstream's fault.
        Clock.Advance(TimeSpan.FromMinutes(10));
        var next = events.MoveNextAsync().AsTask();
        Clock.Advance(TimeSpan.FromSeconds(59));
        next.IsCompleted.ShouldBeFalse();
        Clock.Advance(TimeSpan.FromSeconds(1));

        var fault = await Should.ThrowAsync<UpstreamException>(() => next.WaitAsync(Patience));
        fault.Fault.ShouldBe(UpstreamFault.Timeout);
        fault.Message.ShouldContain("Upstreams:0:IdleTimeout");
        await _aborted.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task Call_SilenceInAPlainBody_TimesOut()
    {
        Server.Handler = async context =>
        {
            context.Response.ContentType = "application/json";
            await ScriptedServer.SendAsync(context, "{");
            await HangAsync(context);
        };
        var upstream = Create(o => o.IdleTimeout = TimeSpan.FromMilliseconds(100), TimeProvider.System);

        var fault = await Should.ThrowAsync<UpstreamException>(() => upstream.CallAsync(Plain(), default).WaitAsync(Patience));

        fault.Fault.ShouldBe(UpstreamFault.Timeout);
        fault.Message.ShouldContain("0.1 s (OrleansCache:Upstreams:0:IdleTimeout)");
        await _aborted.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task Read_StreamThatNeverEnds_MissesTheTotalDeadline()
    {
        Server.Handler = async context =>
        {
            context.Response.ContentType = "text/event-stream";
            while (!context.RequestAborted.IsCancellationRequested) await ScriptedServer.SendAsync(context, "data: {}\n\n");
            _aborted.TrySetResult();
        };
        await using var answer = await Create().CallAsync(Streamed(), default).WaitAsync(Patience);
        await using var events = answer.Events.ShouldNotBeNull().GetAsyncEnumerator();

        var fault = await Should.ThrowAsync<UpstreamException>(async () =>
        {
            while (await events.MoveNextAsync().AsTask().WaitAsync(Patience)) Clock.Advance(TimeSpan.FromSeconds(30));
        });

        fault.Fault.ShouldBe(UpstreamFault.Timeout);
        fault.Message.ShouldContain("Upstreams:0:TotalTimeout");
        await _aborted.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task Call_TlsThatNeverAnswers_MissesTheConnectDeadline()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var upstream = Create(o =>
        {
            o.BaseUrl = $"https://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/v1";
            o.ConnectTimeout = TimeSpan.FromMilliseconds(200);
        });

        var fault = await Should.ThrowAsync<UpstreamException>(() => upstream.CallAsync(Plain(), default).WaitAsync(Patience));

        fault.Fault.ShouldBe(UpstreamFault.Unreachable);
        fault.Message.ShouldContain("0.2 s, OrleansCache:Upstreams:0:ConnectTimeout");
    }

    [Fact]
    public async Task Call_Refused_IsUnreachable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var fault = await Should.ThrowAsync<UpstreamException>(
            () => Create(o => o.BaseUrl = $"http://127.0.0.1:{port}/v1").CallAsync(Plain(), default));

        fault.Fault.ShouldBe(UpstreamFault.Unreachable);
        fault.IsTransient.ShouldBeTrue();
        fault.ToString().ShouldNotContain(Key);
    }

    [Fact]
    public async Task Call_UnknownName_IsUnreachable()
    {
        var fault = await Should.ThrowAsync<UpstreamException>(
            () => Create(o => o.BaseUrl = "http://no-such-host.invalid/v1").CallAsync(Plain(), default).WaitAsync(Patience));

        fault.Fault.ShouldBe(UpstreamFault.Unreachable);
    }

    [Fact]
    public async Task Call_ResetBeforeTheHeaders_IsResetAndCalledOnce()
    {
        Server.Handler = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };

        var fault = await Should.ThrowAsync<UpstreamException>(() => Create().CallAsync(Plain(), default).WaitAsync(Patience));

        fault.Fault.ShouldBe(UpstreamFault.Reset);
        Server.Calls.ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Call_PlainBodyBrokenOff_IsReset(bool announced)
    {
        Server.Handler = async context =>
        {
            context.Response.ContentType = "application/json";
            if (announced) context.Response.ContentLength = 100;
            await ScriptedServer.SendAsync(context, "{\"half\":");
            context.Abort();
        };

        var fault = await Should.ThrowAsync<UpstreamException>(() => Create().CallAsync(Plain(), default).WaitAsync(Patience));

        fault.Fault.ShouldBe(UpstreamFault.Reset);
    }

    [Fact]
    public async Task Read_StreamBrokenOff_IsResetAfterItsEventsAndNeverReconnected()
    {
        Server.Handler = async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await ScriptedServer.SendAsync(context, "id: 1\nretry: 1\ndata: {\"a\":1}\n\n");
            await _arrived.Task.WaitAsync(Patience);
            context.Abort();
        };
        await using var answer = await Create().CallAsync(Streamed(), default).WaitAsync(Patience);
        await using var events = answer.Events.ShouldNotBeNull().GetAsyncEnumerator();
        (await events.MoveNextAsync().AsTask().WaitAsync(Patience)).ShouldBeTrue();
        _arrived.SetResult();

        var fault = await Should.ThrowAsync<UpstreamException>(() => events.MoveNextAsync().AsTask().WaitAsync(Patience));

        fault.Fault.ShouldBe(UpstreamFault.Reset);
        answer.SawDone().ShouldBeFalse();
        Server.Calls.ShouldBe(1);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task Call_AnswerOverTheBound_IsAProtocolFault(bool announced, bool stream)
    {
        Server.Handler = async context =>
        {
            context.Response.ContentType = stream ? "text/event-stream" : "application/json";
            if (announced) context.Response.ContentLength = 5000;
            await ScriptedServer.SendAsync(context, "data: " + new string('x', 4994));
        };
        var upstream = Create(o => o.MaxAnswerBytes = 4096);

        var fault = await Should.ThrowAsync<UpstreamException>(async () =>
        {
            await using var answer = await upstream.CallAsync(Streamed(), default).WaitAsync(Patience);
            await ReadAsync(answer).WaitAsync(Patience);
        });

        fault.Fault.ShouldBe(UpstreamFault.Protocol);
        fault.Message.ShouldContain("4096 bytes (OrleansCache:Upstreams:0:MaxAnswerBytes)");
        fault.IsTransient.ShouldBeFalse();
    }

    [Fact]
    public async Task Cancel_BeforeTheHeaders_ReachesTheWire()
    {
        Server.Handler = HangAsync;
        using var caller = new CancellationTokenSource();
        var call = Create().CallAsync(Plain(), caller.Token);
        await _arrived.Task.WaitAsync(Patience);

        await caller.CancelAsync();

        var cancelled = await Should.ThrowAsync<OperationCanceledException>(() => call.WaitAsync(Patience));
        cancelled.CancellationToken.ShouldBe(caller.Token);
        await _aborted.Task.WaitAsync(Patience);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cancel_MidStream_ReachesTheWire(bool byTheCallersToken)
    {
        Server.Handler = async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await ScriptedServer.SendAsync(context, "data: {}\n\n");
            await HangAsync(context);
        };
        using var source = new CancellationTokenSource();
        await using var answer = await Create().CallAsync(Streamed(), byTheCallersToken ? source.Token : default).WaitAsync(Patience);
        await using var events = answer.Events.ShouldNotBeNull().GetAsyncEnumerator(byTheCallersToken ? default : source.Token);
        await events.MoveNextAsync().AsTask().WaitAsync(Patience);
        var next = events.MoveNextAsync().AsTask();

        await source.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => next.WaitAsync(Patience));
        await _aborted.Task.WaitAsync(Patience);
    }

    private async Task HangAsync(HttpContext context)
    {
        using var registration = context.RequestAborted.Register(() => _aborted.TrySetResult());
        _arrived.TrySetResult();
        await _aborted.Task.WaitAsync(Patience);
    }
}
