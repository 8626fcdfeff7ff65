using System.Net;
using OrleansCache.Core.Upstream;
using OrleansCache.Gateway.Tests.Hosting;
using OrleansCache.Testing;

namespace OrleansCache.Gateway.Tests.Models;

public sealed class ModelTests
{
    private const string List = """{"object":"list","data":[{"id":"gpt-4o","object":"model","owned_by":"x","extra":1},{"id":"org/small","object":"model"}]}""";

    [Fact]
    public async Task List_TwiceWithinAMinute_AsksTheUpstreamOnce()
    {
        var clock = new ManualClock();
        await using var host = await GatewayHost.StartAsync(clock: clock);
        var calls = 0;
        host.Upstream.ModelsHandler = _ =>
        {
            Interlocked.Increment(ref calls);
            return Task.FromResult(ScriptedUpstream.Json(List));
        };

        (await host.Client.GetStringAsync("/v1/models")).ShouldBe(List);
        clock.Advance(TimeSpan.FromSeconds(59));
        (await host.Client.GetStringAsync("/v1/models")).ShouldBe(List);
        calls.ShouldBe(1);
        clock.Advance(TimeSpan.FromSeconds(2));
        await host.Client.GetStringAsync("/v1/models");
        calls.ShouldBe(2);
    }

    [Theory]
    [InlineData("gpt-4o", """{"id":"gpt-4o","object":"model","owned_by":"x","extra":1}""")]
    [InlineData("org/small", """{"id":"org/small","object":"model"}""")]
    [InlineData("org%2Fsmall", """{"id":"org/small","object":"model"}""")]
    public async Task Model_Known_IsReturned(string id, string expected)
    {
        await using var host = await GatewayHost.StartAsync();
        host.Upstream.ModelsHandler = static _ => Task.FromResult(ScriptedUpstream.Json(List));

        (await host.Client.GetStringAsync($"/v1/models/{id}")).ShouldBe(expected);
    }

    [Fact]
    public async Task Model_Unknown_Is404()
    {
        await using var host = await GatewayHost.StartAsync();

        await (await host.Client.GetAsync("/v1/models/none")).ShouldBeErrorAsync(HttpStatusCode.NotFound, "model_not_found");
    }

    [Fact]
    public async Task List_UpstreamUnreachable_Is502AndTriedAgain()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Upstream.ModelsHandler = static _ => Task.FromException<UpstreamAnswer>(new UpstreamException(UpstreamFault.Unreachable, "Upstream 'a' cannot be reached."));
        var error = await (await host.Client.GetAsync("/v1/models")).ShouldBeErrorAsync(HttpStatusCode.BadGateway, "upstream_models_unavailable");
        error.GetProperty("message").GetString().ShouldBe("Upstream 'a' cannot be reached.");

        host.Upstream.ModelsHandler = static _ => Task.FromResult(ScriptedUpstream.Json(List));
        (await host.Client.GetStringAsync("/v1/models")).ShouldBe(List);
    }

    [Theory]
    [InlineData(401, """{"error":{}}""")]
    [InlineData(200, "<html>")]
    [InlineData(200, "[]")]
    [InlineData(200, """{"data":{}}""")]
    public async Task List_UpstreamAnswersNonsense_Is502(int status, string body)
    {
        await using var host = await GatewayHost.StartAsync();
        host.Upstream.ModelsHandler = _ => Task.FromResult(ScriptedUpstream.Json(body, status));

        await (await host.Client.GetAsync("/v1/models")).ShouldBeErrorAsync(HttpStatusCode.BadGateway, "upstream_models_unavailable");
    }

    [Fact]
    public async Task List_UpstreamGoneLater_IsServedOn()
    {
        var clock = new ManualClock();
        await using var host = await GatewayHost.StartAsync(clock: clock);
        host.Upstream.ModelsHandler = static _ => Task.FromResult(ScriptedUpstream.Json(List));
        await host.Client.GetStringAsync("/v1/models");
        clock.Advance(TimeSpan.FromMinutes(5));
        host.Upstream.ModelsHandler = static _ => Task.FromException<UpstreamAnswer>(new UpstreamException(UpstreamFault.Timeout, "late"));

        (await host.Client.GetStringAsync("/v1/models")).ShouldBe(List);
    }

    [Fact]
    public async Task List_AskedByManyAtOnce_IsOneCall()
    {
        await using var host = await GatewayHost.StartAsync();
        var calls = 0;
        var gate = new TaskCompletionSource<UpstreamAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Upstream.ModelsHandler = _ =>
        {
            Interlocked.Increment(ref calls);
            return gate.Task;
        };

        var asked = Enumerable.Range(0, 20).Select(_ => host.Client.GetStringAsync("/v1/models")).ToList();
        gate.SetResult(ScriptedUpstream.Json(List));

        (await Task.WhenAll(asked)).ShouldAllBe(static l => l == List);
        calls.ShouldBe(1);
    }
}
