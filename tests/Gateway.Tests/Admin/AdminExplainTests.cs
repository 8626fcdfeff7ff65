using System.Text.Json;

namespace OrleansCache.Gateway.Tests.Admin;

public sealed class AdminExplainTests
{
    private const string Stored =
        """{"model":"m","messages":[{"role":"system","content":"secret system"},{"role":"user","content":"secret question"}],"temperature":0.5,"user":"secret-user"}""";

    [Fact]
    public async Task Explain_OfAStoredRequest_IsAHitAndTellsWhatCounted()
    {
        await using var host = await AdminHost.StartAsync();
        var key = await host.StoreAsync(Stored, ttl: TimeSpan.FromSeconds(60));
        host.Clock.Advance(TimeSpan.FromSeconds(10));

        var inMemory = await ExplainAsync(host, Stored);
        host.Owners.Held.Clear();
        var inStore = await ExplainAsync(host, Stored);

        inMemory.Text("key").ShouldBe(key.ToString());
        (inMemory.Text("cache"), inMemory.Text("found_in")).ShouldBe(("HIT", "memory"));
        (inStore.Text("cache"), inStore.Text("found_in")).ShouldBe(("HIT", "store"));
        (inStore.GetProperty("age_seconds").GetDouble(), inStore.GetProperty("ttl_seconds").GetDouble()).ShouldBe((10, 50));
        inStore.GetProperty("miss").ValueKind.ShouldBe(JsonValueKind.Null);
        inStore.GetProperty("counted").EnumerateArray().Select(f => f.Text("name")).ShouldBe(["model", "messages", "temperature"]);
        var ignored = inStore.GetProperty("not_counted").EnumerateArray().Single();
        ignored.Text("name").ShouldBe("user");
        ignored.Text("reason").ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Explain_OfARequestThatDiffersInOneField_NamesIt()
    {
        await using var host = await AdminHost.StartAsync();
        await host.StoreAsync("""{"model":"m","messages":[{"role":"user","content":"something else"}]}""");
        var key = await host.StoreAsync(Stored);
        await host.StoreAsync(Stored, scope: "elsewhere");

        var explained = await ExplainAsync(host, Stored.Replace("secret question", "another secret", StringComparison.Ordinal));

        explained.Text("cache").ShouldBe("MISS");
        explained.GetProperty("miss").Text("reason").ShouldBe("never_seen");
        var nearest = explained.GetProperty("nearest");
        nearest.Number("compared").ShouldBe(2);
        var entry = nearest.GetProperty("entry");
        entry.Text("key").ShouldBe(key.ToString());
        var difference = entry.GetProperty("differences").EnumerateArray().Single();
        (difference.Text("path"), difference.Text("kind")).ShouldBe(("messages[1].content", "changed"));
        entry.GetProperty("similarity").GetDouble().ShouldBeInRange(0.5, 0.99);
    }

    [Fact]
    public async Task Explain_NeverTellsTextsAsksNobodyAndChangesNothing()
    {
        await using var host = await AdminHost.StartAsync();
        await host.StoreAsync(Stored);

        var hit = await ExplainAsync(host, Stored);
        var miss = await ExplainAsync(host, Stored.Replace("secret", "other secret", StringComparison.Ordinal));

        (hit.ToString() + miss).ShouldNotContain("secret");
        host.Logs.Lines.ShouldAllBe(line => !line.Contains("secret", StringComparison.Ordinal));
        host.Owners.Asked.ShouldBeEmpty();
        (host.Store.Entries.Count, host.Owners.Held.Count).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Explain_OfAnExpiredEntry_TellsSinceWhen()
    {
        await using var host = await AdminHost.StartAsync();
        await host.StoreAsync(Stored, ttl: TimeSpan.FromSeconds(60));
        host.Clock.Advance(TimeSpan.FromSeconds(61));

        var miss = await ExplainAsync(host, Stored);

        miss.Text("cache").ShouldBe("MISS");
        miss.GetProperty("miss").Text("reason").ShouldBe("expired");
        miss.GetProperty("miss").Text("at").ShouldBe("2026-01-01T00:01:00.000Z");
    }

    [Fact]
    public async Task Explain_OfAnExpiredEntryWithinStaleWhileRevalidate_IsStale()
    {
        await using var host = await AdminHost.StartAsync(("Cache:StaleWhileRevalidate", "00:01:00"));
        await host.StoreAsync(Stored, ttl: TimeSpan.FromSeconds(60));
        host.Clock.Advance(TimeSpan.FromSeconds(61));

        (await ExplainAsync(host, Stored)).Text("cache").ShouldBe("STALE");
    }

    [Theory]
    [InlineData("""{"all":true}""", "purged")]
    [InlineData("""{"model":"m"}""", "purged")]
    [InlineData("""{"tenant":"default"}""", "purged")]
    [InlineData("""{"model":"another"}""", "never_seen")]
    public async Task Explain_AfterAPurge_TellsWhetherItNamedTheRequest(string purge, string reason)
    {
        await using var host = await AdminHost.StartAsync();
        await host.StoreAsync(Stored);
        host.Clock.Advance(TimeSpan.FromSeconds(5));
        (await host.PostAsync("/admin/purge", purge)).ShouldBeOk();
        host.Store.Entries.Clear();
        host.Owners.Held.Clear();

        var miss = (await ExplainAsync(host, Stored)).GetProperty("miss");

        miss.Text("reason").ShouldBe(reason);
        miss.Text("at").ShouldBe(reason == "purged" ? "2026-01-01T00:00:05.000Z" : null);
    }

    [Fact]
    public async Task Explain_OfAModelThatIsNotCached_IsABypass()
    {
        await using var host = await AdminHost.StartAsync(("Cache:Models:0:Model", "m*"), ("Cache:Models:0:Cached", "false"));

        var explained = await ExplainAsync(host, Stored);

        explained.Text("cache").ShouldBe("BYPASS");
        explained.GetProperty("miss").Text("reason").ShouldBe("bypassed");
    }

    [Fact]
    public async Task Explain_WithTheStoreDown_TellsWhatItCan()
    {
        await using var host = await AdminHost.StartAsync();
        host.Store.Fails = true;

        var explained = await ExplainAsync(host, Stored);

        explained.GetProperty("miss").Text("reason").ShouldBe("store_unavailable");
        explained.GetProperty("nearest").GetProperty("available").GetBoolean().ShouldBeFalse();
        explained.GetProperty("counted").GetArrayLength().ShouldBe(3);
    }

    [Fact]
    public async Task Explain_WithManyEntries_ComparesNoMoreThanTheBound()
    {
        await using var host = await AdminHost.StartAsync(("Admin:NearestCandidates", "5"));
        for (var i = 0; i < 20; i++) await host.StoreAsync($$"""{"model":"m{{i}}","messages":[{"role":"user","content":"hi"}]}""");

        (await ExplainAsync(host, Stored)).GetProperty("nearest").Number("compared").ShouldBe(5);
    }

    [Theory]
    [InlineData("{}", "missing_field")]
    [InlineData("""{"request":[]}""", "invalid_value")]
    [InlineData("""{"request":{"model":"m","messages":[{"role":"user","content":"hi"}]},"endpoint":"/v1/images"}""", "invalid_value")]
    [InlineData("""{"request":{"model":"m","messages":[{"role":"user","content":"hi"}]},"tenant":"a b"}""", "invalid_value")]
    [InlineData("""{"request":{"model":"m","messages":[{"role":"user","content":"hi"}]},"response":{}}""", "unknown_field")]
    [InlineData("nonsense", "invalid_json")]
    public async Task Explain_WithBadInput_IsRefused(string body, string code)
    {
        await using var host = await AdminHost.StartAsync();

        (await host.PostAsync("/admin/explain", body)).ShouldBeError(400, code);
    }

    [Fact]
    public async Task Explain_OfARequestThatIsNoPrompt_SaysWhyAsTheGatewayWould()
    {
        await using var host = await AdminHost.StartAsync();

        var answer = await host.PostAsync("/admin/explain", """{"request":{"model":7,"messages":[{"role":"user","content":"hi"}]}}""");

        answer.Status.ShouldBe(400);
        answer.Json.GetProperty("error").Text("param").ShouldBe("model");
    }

    private static async Task<JsonElement> ExplainAsync(AdminHost host, string request) =>
        (await host.PostAsync("/admin/explain", $$"""{"request":{{request}}}""")).ShouldBeOk();
}
