using System.Globalization;
using System.Net;
using OrleansCache.Core.Prompts;
using OrleansCache.Gateway.Tests.Hosting;
using OrleansCache.Testing;

namespace OrleansCache.Gateway.Tests.Answers;

public sealed class HeaderTests
{
    private const string Prompt = """{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]}""";

    [Fact]
    public async Task SecondRequest_SamePrompt_IsHitWithEveryHeader()
    {
        var clock = new ManualClock();
        await using var host = await GatewayHost.StartAsync(clock: clock);

        var first = await host.ChatAsync(Prompt);
        clock.Advance(TimeSpan.FromMilliseconds(7_900));
        var second = await host.ChatAsync(Prompt);

        first.Header("x-cache").ShouldBe("MISS");
        first.Header("age").ShouldBe("0");
        first.Header("x-cache-ttl").ShouldBe("60");
        second.Header("x-cache").ShouldBe("HIT");
        second.Header("age").ShouldBe("7");
        second.Header("x-cache-ttl").ShouldBe("52");
        second.Header("x-cache-key").ShouldBe(host.Owners.Asked[0].Key.ToString());
        second.Header("server-timing").ShouldBe("cache;dur=0.00");
        second.Header("server").ShouldBeNull();
        second.Content.Headers.ContentLength.ShouldBe(FakeOwners.Body.Length);
        (await second.TextAsync()).ShouldBe(await first.TextAsync());
        host.Owners.Asked.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(CacheSource.Hit, "HIT", true)]
    [InlineData(CacheSource.Miss, "MISS", true)]
    [InlineData(CacheSource.Coalesced, "COALESCED", true)]
    [InlineData(CacheSource.Stale, "STALE", true)]
    [InlineData(CacheSource.Bypass, "BYPASS", false)]
    public async Task Answer_OfEverySource_IsNamed(CacheSource source, string name, bool aged)
    {
        await using var host = await GatewayHost.StartAsync();
        host.Owners.Ask = (request, _) => ValueTask.FromResult(host.Owners.Whole(request, source, keep: false));

        var response = await host.ChatAsync(Prompt);

        response.Header("x-cache").ShouldBe(name);
        (response.Header("age") is not null).ShouldBe(aged);
        (response.Header("x-cache-ttl") is not null).ShouldBe(aged);
    }

    [Fact]
    public async Task Stale_PastItsFreshness_HasNoNegativeTtl()
    {
        var clock = new ManualClock();
        await using var host = await GatewayHost.StartAsync(clock: clock);
        host.Owners.Ask = (request, _) =>
        {
            var answer = host.Owners.Whole(request, CacheSource.Stale, keep: false);
            clock.Advance(TimeSpan.FromMinutes(5));
            return ValueTask.FromResult(answer);
        };

        var response = await host.ChatAsync(Prompt);

        response.Header("age").ShouldBe("300");
        response.Header("x-cache-ttl").ShouldBe("0");
    }

    [Fact]
    public async Task ServerTiming_StoreAndUpstreamAsked_NamesEach()
    {
        var clock = new ManualClock();
        await using var host = await GatewayHost.StartAsync(clock: clock);
        host.Owners.Ask = (request, _) =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(200));
            return ValueTask.FromResult(host.Owners.Whole(request, CacheSource.Miss) with
            {
                StoreTime = TimeSpan.FromMilliseconds(1.5),
                UpstreamTime = TimeSpan.FromMilliseconds(190.25),
                StoreDegraded = true,
            });
        };

        var response = await host.ChatAsync(Prompt);

        response.Header("server-timing").ShouldBe("cache;dur=8.25, store;dur=1.50, upstream;dur=190.25");
        response.Header("x-cache-degraded").ShouldBe("store");
    }

    [Theory]
    [InlineData("my-own-id_1", true)]
    [InlineData("with space", false)]
    [InlineData("", false)]
    public async Task RequestId_OfTheCaller_IsKeptWhenSane(string id, bool kept)
    {
        await using var host = await GatewayHost.StartAsync();

        var response = await host.ChatAsync(Prompt, ("x-request-id", id));

        if (kept) response.Header("x-request-id").ShouldBe(id);
        else response.Header("x-request-id")!.ShouldMatch("^req_[0-9a-f]{32}$");
    }

    [Fact]
    public async Task RequestId_TooLong_IsReplaced()
    {
        await using var host = await GatewayHost.StartAsync();

        var response = await host.ChatAsync(Prompt, ("x-request-id", new string('a', 129)));

        response.Header("x-request-id")!.ShouldStartWith("req_");
    }

    [Fact]
    public async Task RequestIds_New_AreUnique()
    {
        await using var host = await GatewayHost.StartAsync();

        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => (await host.ChatAsync(Prompt)).Header("x-request-id")));

        ids.Distinct().Count().ShouldBe(20);
    }

    [Fact]
    public async Task Refusal_OfTheOwner_IsHandedOnWithItsHeaders()
    {
        await using var host = await GatewayHost.StartAsync();
        var refusal = OpenAiError.Refuse(429, "Slow down.", "requests", "rate_limit_exceeded") with
        {
            Headers = [new("retry-after", "7"), new("x-request-id", "req_upstream")],
        };
        host.Owners.Ask = (_, _) => ValueTask.FromResult(new PromptAnswer { Source = CacheSource.Coalesced, Refusal = refusal });

        var response = await host.ChatAsync(Prompt, ("x-request-id", "mine"));

        await response.ShouldBeErrorAsync(HttpStatusCode.TooManyRequests, "rate_limit_exceeded");
        response.Header("retry-after").ShouldBe("7");
        response.Header("x-cache").ShouldBe("COALESCED");
        response.Header("x-request-id").ShouldBe("mine");
        response.Header("x-upstream-request-id").ShouldBe("req_upstream");
        response.Header("age").ShouldBeNull();
    }

    [Fact]
    public async Task Refusal_NotInJson_KeepsBytesAndType()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Owners.Ask = (_, _) => ValueTask.FromResult(new PromptAnswer
        {
            Source = CacheSource.Miss,
            Refusal = new Refusal(502, "<html>bad</html>"u8.ToArray(), "text/html", []),
        });

        var response = await host.ChatAsync(Prompt);

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        (await response.TextAsync()).ShouldBe("<html>bad</html>");
    }

    [Theory]
    [InlineData("1\r\nx-evil: 1")]
    [InlineData("2\0")]
    [InlineData("später")]
    [InlineData("\u007f")]
    public async Task Refusal_WithHeadersThatAreNoPlainText_IsHandedOnWithoutThem(string value)
    {
        await using var host = await GatewayHost.StartAsync();
        host.Owners.Ask = (_, _) => ValueTask.FromResult(new PromptAnswer
        {
            Source = CacheSource.Miss,
            Refusal = new Refusal(429, "slow"u8.ToArray(), value, [new("retry-after", value), new("x-request-id", value), new("retry-after-ms", "1500")]),
        });

        var response = await host.ChatAsync(Prompt);

        response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await response.TextAsync()).ShouldBe("slow");
        response.Content.Headers.ContentType.ShouldBeNull();
        response.Header("retry-after").ShouldBeNull();
        response.Header("x-upstream-request-id").ShouldBeNull();
        response.Header("x-evil").ShouldBeNull();
        response.Header("retry-after-ms").ShouldBe("1500");
    }

    [Fact]
    public async Task Age_BeyondSmallNumbers_IsWritten()
    {
        var clock = new ManualClock();
        await using var host = await GatewayHost.StartAsync(clock: clock);
        await host.ChatAsync(Prompt);
        clock.Advance(TimeSpan.FromDays(3));

        var response = await host.ChatAsync(Prompt);

        response.Header("age").ShouldBe((3 * 86400).ToString(CultureInfo.InvariantCulture));
    }
}
