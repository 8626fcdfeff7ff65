using System.Net;
using OrleansCache.Core.Prompts;
using OrleansCache.Gateway.Tests.Hosting;

namespace OrleansCache.Gateway.Tests.Requests;

public sealed class DirectiveTests
{
    private const string Prompt = """{"model":"m","messages":[{"role":"user","content":"hi"}]}""";

    public static TheoryData<string[], string[], CacheDirectives> Read => new()
    {
        { [], [], CacheDirectives.None },
        { ["no-cache"], [], new CacheDirectives { NoCache = true } },
        { ["No-Store"], [], new CacheDirectives { NoStore = true } },
        { ["max-age=30"], [], new CacheDirectives { MaxAge = TimeSpan.FromSeconds(30) } },
        { ["max-age=\"30\""], [], new CacheDirectives { MaxAge = TimeSpan.FromSeconds(30) } },
        { ["max-age=0"], [], new CacheDirectives { MaxAge = TimeSpan.Zero } },
        { ["max-age=99999999999999999999999"], [], new CacheDirectives { MaxAge = TimeSpan.FromDays(3660) } },
        { ["max-age=30, MAX-AGE=10"], [], new CacheDirectives { MaxAge = TimeSpan.FromSeconds(10) } },
        { ["only-if-cached,max-age=5 ,no-cache"], [], new CacheDirectives { OnlyIfCached = true, NoCache = true, MaxAge = TimeSpan.FromSeconds(5) } },
        { ["only-if-cached", "no-store"], [], new CacheDirectives { OnlyIfCached = true, NoStore = true } },
        { ["max-stale=5, no-transform, , foo=\"a\""], [], CacheDirectives.None },
        { [], ["600"], new CacheDirectives { Ttl = TimeSpan.FromMinutes(10) } },
        { [], ["99999999999999999999"], new CacheDirectives { Ttl = TimeSpan.FromDays(3660) } },
        { ["no-cache"], ["1"], new CacheDirectives { NoCache = true, Ttl = TimeSpan.FromSeconds(1) } },
    };

    [Theory]
    [MemberData(nameof(Read))]
    public async Task Directives_OfTheHeaders_ReachTheOwner(string[] control, string[] ttl, CacheDirectives expected)
    {
        await using var host = await GatewayHost.StartAsync();

        var response = await host.ChatAsync(
            Prompt, [.. control.Select(static c => ("Cache-Control", c)), .. ttl.Select(static t => ("x-cache-ttl", t))]);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        host.Owners.Asked.ShouldHaveSingleItem().Directives.ShouldBe(expected);
    }

    [Fact]
    public async Task Directives_Absent_AreTheSharedNone()
    {
        await using var host = await GatewayHost.StartAsync();

        await host.ChatAsync(Prompt);

        host.Owners.Asked[0].Directives.ShouldBeSameAs(CacheDirectives.None);
        host.Owners.Asked[0].Tags.ShouldBeEmpty();
        host.Owners.Asked[0].Scope.ShouldBe("default");
    }

    [Theory]
    [InlineData("Cache-Control", "max-age")]
    [InlineData("Cache-Control", "max-age=")]
    [InlineData("Cache-Control", "max-age=-1")]
    [InlineData("Cache-Control", "no-cache, max-age=1.5")]
    [InlineData("Cache-Control", "max-age=abc")]
    [InlineData("x-cache-ttl", "0")]
    [InlineData("x-cache-ttl", "-5")]
    [InlineData("x-cache-ttl", "10s")]
    [InlineData("x-cache-ttl", "")]
    [InlineData("x-cache-scope", "a/b")]
    [InlineData("x-cache-scope", "")]
    [InlineData("x-cache-scope", "a b")]
    [InlineData("x-cache-scope", "12345678901234567890123456789012345678901234567890123456789012345")]
    [InlineData("x-cache-tags", "a,,b")]
    [InlineData("x-cache-tags", "")]
    [InlineData("x-cache-tags", "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17")]
    [InlineData("x-cache-tags", "12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task Header_Malformed_IsRefusedByName(string header, string value)
    {
        await using var host = await GatewayHost.StartAsync();

        var response = await host.ChatAsync(Prompt, (header, value));

        var error = await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_header");
        error.GetProperty("param").GetString().ShouldBe(header);
        error.GetProperty("message").GetString()!.ShouldContain(header);
        host.Owners.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Tags_Given_ReachTheOwnerOnce()
    {
        await using var host = await GatewayHost.StartAsync();

        await host.ChatAsync(Prompt, ("x-cache-tags", "team:a, v1 ,team:a"));

        host.Owners.Asked[0].Tags.ShouldBe(["team:a", "v1"]);
    }

    [Fact]
    public async Task Scope_Given_LiesInsideTheTenantAndInTheKey()
    {
        await using var host = await GatewayHost.StartAsync();

        await host.ChatAsync(Prompt);
        await host.ChatAsync(Prompt, ("x-cache-scope", "user-1"));

        host.Owners.Asked.Select(static r => r.Scope).ShouldBe(["default", "default/user-1"]);
        host.Owners.Asked[0].Key.ShouldNotBe(host.Owners.Asked[1].Key);
    }
}
