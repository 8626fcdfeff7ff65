using System.Text;
using System.Text.Json;

namespace OrleansCache.Gateway.Tests.Admin;

public sealed class AdminEntriesTests
{
    private const string Request = """{"model":"m","messages":[{"role":"user","content":"hello"}]}""";
    private const string Absent = "00000000000000000000000000000000000000000000000000000000000000aa";

    [Fact]
    public async Task Look_AtAnEntry_TellsItsMetadataWithoutItsText()
    {
        await using var host = await AdminHost.StartAsync();
        var key = await host.StoreAsync(Request, """{"id":"secret answer"}""", "team/a", ["blue", "red"], TimeSpan.FromSeconds(60));
        host.Clock.Advance(TimeSpan.FromSeconds(10));

        var entry = (await host.GetAsync($"/admin/entries/{key}")).ShouldBeOk();

        (entry.Text("key"), entry.Text("scope"), entry.Text("model"), entry.Text("endpoint"))
            .ShouldBe((key.ToString(), "team/a", "m", "/v1/chat/completions"));
        entry.GetProperty("tags").EnumerateArray().Select(t => t.GetString()).ShouldBe(["blue", "red"]);
        (entry.GetProperty("age_seconds").GetDouble(), entry.GetProperty("ttl_seconds").GetDouble()).ShouldBe((10, 50));
        entry.Text("created").ShouldBe("2026-01-01T00:00:00.000Z");
        entry.Text("fresh_until").ShouldBe("2026-01-01T00:01:00.000Z");
        entry.GetProperty("usage").Number("completion_tokens").ShouldBe(20);
        entry.Number("response_bytes").ShouldBe(22);
        entry.Number("request_bytes").ShouldBe(Request.Length);
        (entry.GetProperty("fresh").GetBoolean(), entry.GetProperty("in_memory").GetBoolean(), entry.GetProperty("in_store").GetBoolean())
            .ShouldBe((true, true, true));
        entry.GetProperty("request").ValueKind.ShouldBe(JsonValueKind.Null);
        entry.ToString().ShouldNotContain("secret");
    }

    [Fact]
    public async Task Look_WithBody_GivesRequestAndAnswer()
    {
        await using var host = await AdminHost.StartAsync();
        var key = await host.StoreAsync(Request, """{"id":"x","n":1.50}""");

        var entry = (await host.GetAsync($"/admin/entries/{key}?body=true")).ShouldBeOk();

        entry.GetProperty("response").GetRawText().ShouldBe("""{"id":"x","n":1.50}""");
        entry.GetProperty("request").GetProperty("messages")[0].Text("content").ShouldBe("hello");
    }

    [Fact]
    public async Task Look_WithTheStoreDown_FindsWhatMemoryHolds()
    {
        await using var host = await AdminHost.StartAsync();
        var key = await host.StoreAsync(Request);
        host.Store.Fails = true;

        (await host.GetAsync($"/admin/entries/{key}")).ShouldBeOk().GetProperty("in_store").GetBoolean().ShouldBeFalse();
        (await host.GetAsync($"/admin/entries/{Absent}")).ShouldBeError(503, "store_unavailable");
    }

    [Fact]
    public async Task Delete_OfAnEntry_DropsItFromMemoryAndStore()
    {
        await using var host = await AdminHost.StartAsync();
        var key = await host.StoreAsync(Request);
        await host.StoreAsync("""{"model":"other","messages":[{"role":"user","content":"hi"}]}""");

        (await host.SendAsync(HttpMethod.Delete, $"/admin/entries/{key}")).ShouldBeOk().GetProperty("deleted").GetBoolean().ShouldBeTrue();

        (host.Store.Entries.Count, host.Owners.Held.Count).ShouldBe((1, 1));
        (await host.GetAsync($"/admin/entries/{key}")).ShouldBeError(404, "entry_not_found");
        (await host.SendAsync(HttpMethod.Delete, $"/admin/entries/{key}")).ShouldBeError(404, "entry_not_found");
    }

    [Theory]
    [InlineData("/admin/entries/abc", "invalid_value")]
    [InlineData("/admin/entries/zz000000000000000000000000000000000000000000000000000000000000aa", "invalid_value")]
    [InlineData("/admin/entries/" + Absent + "?body=yes", "invalid_value")]
    [InlineData("/admin/entries/" + Absent + "?body=true&body=true", "invalid_value")]
    [InlineData("/admin/entries/" + Absent + "?boddy=true", "unknown_parameter")]
    public async Task Look_WithBadInput_IsRefused(string path, string code)
    {
        await using var host = await AdminHost.StartAsync();

        (await host.GetAsync(path)).ShouldBeError(400, code);
    }

    [Theory]
    [InlineData("""{"scope":"team/a"}""", 1)]
    [InlineData("""{"tenant":"team"}""", 3)]
    [InlineData("""{"model":"m2"}""", 2)]
    [InlineData("""{"tag":"blue"}""", 2)]
    [InlineData("""{"tenant":"team","tag":"blue"}""", 1)]
    [InlineData("""{"scope":"team","tenant":"team"}""", 1)]
    [InlineData("""{"all":true}""", 5)]
    [InlineData("""{"model":"none-such"}""", 0)]
    public async Task Purge_ByDimension_DropsExactlyWhatItNames(string body, int purged)
    {
        await using var host = await AdminHost.StartAsync();
        await host.StoreAsync("""{"model":"m1","messages":[{"role":"user","content":"hi"}]}""", scope: "team");
        await host.StoreAsync("""{"model":"m1","messages":[{"role":"user","content":"hi"}]}""", scope: "team/a", tags: ["blue"]);
        await host.StoreAsync("""{"model":"m2","messages":[{"role":"user","content":"hi"}]}""", scope: "team/b");
        await host.StoreAsync("""{"model":"m2","messages":[{"role":"user","content":"hi"}]}""", scope: "teammate");
        await host.StoreAsync("""{"model":"m3","messages":[{"role":"user","content":"hi"}]}""", tags: ["blue", "red"]);

        (await host.PostAsync("/admin/purge", body)).ShouldBeOk().Number("purged").ShouldBe(purged);

        (host.Store.Entries.Count, host.Owners.Held.Count).ShouldBe((5 - purged, 5 - purged));
    }

    [Fact]
    public async Task Purge_ByKey_DropsThatEntry()
    {
        await using var host = await AdminHost.StartAsync();
        var key = await host.StoreAsync(Request);
        await host.StoreAsync(Request, scope: "elsewhere");

        (await host.PostAsync("/admin/purge", $$"""{"key":"{{key}}"}""")).ShouldBeOk().Number("purged").ShouldBe(1);

        host.Store.Entries.Values.Single().Completion.Scope.ShouldBe("elsewhere");
    }

    [Theory]
    [InlineData("{}", "empty_filter")]
    [InlineData("""{"all":false}""", "empty_filter")]
    [InlineData("""{"tag":null}""", "empty_filter")]
    [InlineData("""{"all":true,"tag":"x"}""", "invalid_value")]
    [InlineData("""{"modle":"m"}""", "unknown_field")]
    [InlineData("""{"model":""}""", "invalid_value")]
    [InlineData("""{"model":["m"]}""", "invalid_value")]
    [InlineData("""{"all":"true"}""", "invalid_value")]
    [InlineData("""{"tag":"a\u0000b"}""", "invalid_value")]
    [InlineData("""{"tag":"\ud800"}""", "invalid_value")]
    [InlineData("""{"key":"123"}""", "invalid_value")]
    [InlineData("""{"tenant":"a/b"}""", "invalid_value")]
    [InlineData("""{"scope":"a/b/c"}""", "invalid_value")]
    [InlineData("""{"tenant":"a","scope":"b"}""", "invalid_value")]
    [InlineData("""{"tag":"a","tag":"b"}""", "invalid_json")]
    [InlineData("[]", "invalid_json")]
    [InlineData("", "invalid_json")]
    [InlineData("{", "invalid_json")]
    [InlineData("null", "invalid_json")]
    public async Task Purge_WithBadInput_IsRefusedAndHarmsNothing(string body, string code)
    {
        await using var host = await AdminHost.StartAsync();
        await host.StoreAsync(Request, tags: ["x"]);

        (await host.PostAsync("/admin/purge", body)).ShouldBeError(400, code);

        host.Store.Entries.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Purge_WithTooLargeABody_IsRefused()
    {
        await using var host = await AdminHost.StartAsync(("Admin:MaxLineBytes", "1024"));

        (await host.PostAsync("/admin/purge", $$"""{"tag":"{{new string('a', 2_000)}}"}""")).ShouldBeError(413, "request_too_large");
    }

    [Fact]
    public async Task Purge_WithACompressedBody_IsRefused()
    {
        await using var host = await AdminHost.StartAsync();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("{}"));
        content.Headers.ContentEncoding.Add("gzip");

        using var response = await host.Client.PostAsync("/admin/purge", content);

        ((int)response.StatusCode).ShouldBe(415);
    }

    [Fact]
    public async Task Purge_WithTheStoreDown_SaysSo()
    {
        await using var host = await AdminHost.StartAsync();
        host.Store.Fails = true;

        (await host.PostAsync("/admin/purge", """{"all":true}""")).ShouldBeError(503, "store_unavailable");
    }
}
