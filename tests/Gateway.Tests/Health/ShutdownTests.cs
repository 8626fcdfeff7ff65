using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OrleansCache.Core.Storage;
using OrleansCache.Gateway.Tests.Answers;
using OrleansCache.Gateway.Tests.Hosting;
using NSubstitute;
using OrleansCache.Testing;

namespace OrleansCache.Gateway.Tests.Health;

public sealed class ShutdownTests
{
    private const string Prompt = """{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true}""";

    [Fact]
    public async Task Live_Running_Is200()
    {
        await using var host = await GatewayHost.StartAsync();

        (await host.Client.GetStringAsync("/health/live")).ShouldBe("""{"status":"live"}""");
        (await host.Client.GetStringAsync("/health/ready")).ShouldBe("""{"status":"ready","store":"ok"}""");
    }

    [Fact]
    public async Task Ready_StoreAway_IsStillReadyAndSaysSo()
    {
        var store = Substitute.For<IStoreHealth>();
        store.IsOpen.Returns(true);
        store.IsReadable.Returns(true);
        await using var host = await GatewayHost.StartAsync(services: s => s.AddSingleton(store));

        (await host.Client.GetStringAsync("/health/ready")).ShouldBe("""{"status":"ready","store":"degraded"}""");
    }

    [Fact]
    public async Task Stop_WithAStreamInFlight_LetsItFinish()
    {
        await using var host = await GatewayHost.StartAsync();
        var live = new LivePartsSource().Push("""{"n":1}""");
        host.Owners.Ask = (_, _) => ValueTask.FromResult(live.Answer());
        using var response = await host.ChatAsync(Prompt);

        var stopping = host.App.StopAsync();
        await WaitUntilRefusedAsync(host.Address);
        stopping.IsCompleted.ShouldBeFalse();
        live.Push("""{"n":2}""").End();

        Responses.Events(await response.TextAsync()).ShouldBe(["""{"n":1}""", """{"n":2}""", "[DONE]"]);
        await stopping.WaitAsync(GatewayHost.Patience);
    }

    [Fact]
    public async Task Stop_DelayedForLoadBalancers_FallsFromReadinessFirst()
    {
        var clock = new ManualClock();
        await using var host = await GatewayHost.StartAsync(new() { ["OrleansCache:Gateway:ShutdownDelay"] = "00:00:10" }, clock: clock);

        var stopping = host.App.StopAsync();

        using var fresh = host.NewClient(host.Address);
        (await fresh.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await fresh.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.ChatAsync("""{"model":"m","messages":[{"role":"user","content":"hi"}]}""")).StatusCode.ShouldBe(HttpStatusCode.OK);
        clock.Advance(TimeSpan.FromSeconds(10));
        fresh.Dispose();
        host.Client.Dispose();
        await stopping.WaitAsync(GatewayHost.Patience);
    }

    [Fact]
    public async Task Stop_PastItsDeadline_GivesRunningRequestsTheirError()
    {
        var clock = new ManualClock();
        await using var host = await GatewayHost.StartAsync(new() { ["OrleansCache:Gateway:ShutdownTimeout"] = "00:00:20" }, clock: clock);
        var live = new LivePartsSource().Push("""{"n":1}""");
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Owners.Ask = async (request, token) =>
        {
            if (request.Head.Stream) return live.Answer();
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            throw new InvalidOperationException("Not reached.");
        };
        using var raw = await RawClient.ConnectAsync(host.Address);
        await raw.SendAsync($"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {Prompt.Length}\r\n\r\n{Prompt}");
        await raw.ReadUntilAsync("""{"n":1}""");
        var plain = host.ChatAsync("""{"model":"m","messages":[{"role":"user","content":"hi"}]}""");
        await asked.Task.WaitAsync(GatewayHost.Patience);

        var stopping = host.App.StopAsync();
        await WaitUntilRefusedAsync(host.Address);
        clock.Advance(TimeSpan.FromSeconds(20));

        await (await plain).ShouldBeErrorAsync(HttpStatusCode.ServiceUnavailable, "shutting_down");
        (await plain).Header("retry-after").ShouldBe("1");
        (await raw.ReadToEndAsync()).ShouldContain("shutting_down");
        await stopping.WaitAsync(GatewayHost.Patience);
    }

    private static async Task WaitUntilRefusedAsync(Uri address)
    {
        using var patience = new CancellationTokenSource(GatewayHost.Patience);
        while (true)
        {
            try
            {
                using var _ = await RawClient.ConnectAsync(address);
            }
            catch (System.Net.Sockets.SocketException)
            {
                return;
            }

            await Task.Delay(10, patience.Token);
        }
    }
}
