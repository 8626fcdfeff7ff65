using System.Net;
using OrleansCache.Gateway.Tests.Hosting;

namespace OrleansCache.Gateway.Tests.Callers;

/// <summary>A web page whose host name was pointed at this machine (DNS rebinding) sends its own name as the host.</summary>
public sealed class ForeignHostTests
{
    private const string Prompt = """{"model":"m","messages":[{"role":"user","content":"hi"}]}""";

    [Theory]
    [InlineData("127.0.0.1:8080", HttpStatusCode.OK)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("LOCALHOST:1", HttpStatusCode.OK)]
    [InlineData("[::1]:8080", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1.evil.example:8080", HttpStatusCode.Forbidden)]
    [InlineData("localhost.evil.example", HttpStatusCode.Forbidden)]
    public async Task Anonymous_OnLoopback_AnswersOnlyItsOwnHost(string name, HttpStatusCode expected)
    {
        await using var host = await GatewayHost.StartAsync();

        (await host.ChatAsync(Prompt, ("Host", name))).StatusCode.ShouldBe(expected);
        host.Owners.Asked.Count.ShouldBe(expected == HttpStatusCode.OK ? 1 : 0);
    }

    [Theory]
    [InlineData("OrleansCache:Gateway:AllowAnonymous", "true")]
    [InlineData("OrleansCache:ApiKeys:0:Secret", "a-secret-of-some-length")]
    public async Task Host_WhenItIsNoProtection_IsNotLookedAt(string setting, string value)
    {
        await using var host = await GatewayHost.StartAsync(new Dictionary<string, string?>
        {
            [setting] = value,
            [setting.Replace("Secret", "Name", StringComparison.Ordinal)] = setting.EndsWith("Secret", StringComparison.Ordinal) ? "app" : value,
        });

        var answer = await host.ChatAsync(Prompt, ("Host", "cache.internal"), ("Authorization", "Bearer a-secret-of-some-length"));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
