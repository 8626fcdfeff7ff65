using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using OrleansCache.Core.Prompts;
using OrleansCache.Gateway.Statistics;
using OrleansCache.Gateway.Tests.Hosting;
using OrleansCache.Testing;

namespace OrleansCache.Gateway.Tests.Answers;

/// <summary>The connection refuses what is flushed, and the request has not been aborted yet.</summary>
public sealed class ClientLeftTests
{
    private const string Plain = """{"model":"m","messages":[{"role":"user","content":"hi"}]}""";
    private const string Streamed = """{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true}""";

    [Fact]
    public async Task Flush_RefusedInALiveStream_LeavesTheFlightQuietly()
    {
        await using var host = await StartAsync(refuseAfter: 0);
        var live = new LivePartsSource().Push("""{"n":1}""");
        host.Owners.Ask = (_, _) => ValueTask.FromResult(live.Answer());

        await LoseAsync(host, Streamed);

        await live.Left.WaitAsync(GatewayHost.Patience);
        await ShouldBeQuietAsync(host);
    }

    [Theory]
    [InlineData(Streamed, 100)]
    [InlineData(Plain, 300_000)]
    public async Task Flush_RefusedInAWholeAnswer_IsQuiet(string prompt, int size)
    {
        await using var host = await StartAsync(refuseAfter: 0);
        var body = FakeOwners.Body.Replace("Hello there", new string('x', size));
        host.Owners.Ask = (request, _) => ValueTask.FromResult(host.Owners.Whole(request, CacheSource.Miss, body));

        await LoseAsync(host, prompt);

        await ShouldBeQuietAsync(host);
    }

    private static Task<GatewayHost> StartAsync(int refuseAfter) =>
        GatewayHost.StartAsync(services: s => s.AddSingleton<IStartupFilter>(new BodyTap(refuseAfter)));

    // The server ends the connection: with or without a part of the answer, never with a proper end of it.
    private static async Task LoseAsync(GatewayHost host, string prompt) => await Should.ThrowAsync<HttpRequestException>(async () =>
    {
        using var response = await host.ChatAsync(prompt);
        await response.TextAsync();
    });

    private static async Task ShouldBeQuietAsync(GatewayHost host)
    {
        var statistics = host.App.Services.GetRequiredService<RequestStatistics>();
        await Eventually.TrueAsync(() => statistics.Read().Total.ClientErrors == 1);
        host.Logs.Lines.ShouldNotContain(static l => l.StartsWith("Error") || l.StartsWith("Warning"));
    }
}
