using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansCache.Core.Prompts;
using OrleansCache.Gateway.Admin.Transfer;

namespace OrleansCache.Gateway.Tests.Admin;

public sealed class AdminTransferTests
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Warm_WithAResponse_StoresItsBytesAsTheyStandInTheLine()
    {
        await using var host = await AdminHost.StartAsync();
        const string request = """{ "model":"m", "messages":[ {"role":"user","content":"hi"} ] ,"temperature":1.0}""";
        const string response = """{"id" : "x", "n":1.50, "t":"\u0041\/ü" }""";

        var report = (await host.PostAsync(
            "/admin/warm", $$"""{"tenant":"team","tags":["blue"],"ttl":60,"request": {{request}} ,"response" :  {{response}}  }""")).ShouldBeOk();

        (report.Number("lines"), report.Number("stored"), report.Number("failed")).ShouldBe((1, 1, 0), report.ToString());
        var entry = host.Store.Entries.Values.Single();
        Encoding.UTF8.GetString(entry.Completion.Body).ShouldBe(response);
        Encoding.UTF8.GetString(entry.Request.Span).ShouldBe(request);
        entry.Key.ShouldBe(host.KeyOf("""{"model":"m","messages":[{"role":"user","content":"hi"}],"temperature":1}""", "team").Key);
        entry.Completion.Tags.ShouldBe(["blue"]);
        (entry.Completion.FreshUntil - entry.Completion.CreatedAt).ShouldBe(60_000);
        host.Owners.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Warm_WithoutAResponse_AsksTheOwner()
    {
        await using var host = await AdminHost.StartAsync();
        const string lines =
            """
            {"request":{"model":"a","messages":[{"role":"user","content":"hi"}]}}

            {"request":{"model":"b","messages":[{"role":"user","content":"hi"}]},"scope":"team/x"}
            """;

        var first = (await host.PostAsync("/admin/warm", lines)).ShouldBeOk();
        var second = (await host.PostAsync("/admin/warm", lines)).ShouldBeOk();

        (first.Number("lines"), first.Number("asked"), first.Number("hits")).ShouldBe((2, 2, 0));
        (second.Number("asked"), second.Number("hits")).ShouldBe((0, 2));
        host.Owners.Asked.Select(r => r.Scope).Distinct().Order().ShouldBe(["default", "team/x"]);
    }

    [Fact]
    public async Task Warm_OfAnEntryThatIsFresh_LeavesItUnlessToldToOverwrite()
    {
        await using var host = await AdminHost.StartAsync();
        var key = await host.StoreAsync("""{"model":"m","messages":[{"role":"user","content":"hi"}]}""", """{"id":"old"}""");
        host.Owners.Held.Clear();
        const string line = """{"request":{"model":"m","messages":[{"role":"user","content":"hi"}]},"response":{"id":"new"}}""";

        (await host.PostAsync("/admin/warm", line)).ShouldBeOk().Number("already").ShouldBe(1);
        Encoding.UTF8.GetString(host.Store.Entries[key].Completion.Body).ShouldContain("old");

        (await host.PostAsync("/admin/warm?overwrite=true", line)).ShouldBeOk().Number("stored").ShouldBe(1);
        Encoding.UTF8.GetString(host.Store.Entries[key].Completion.Body).ShouldContain("new");
    }

    [Fact]
    public async Task Warm_WithBadLines_NamesEachAndGoesOn()
    {
        await using var host = await AdminHost.StartAsync(("Admin:MaxLineBytes", "1024"));
        host.Owners.Answer = request => new(request.Head.Model switch
        {
            "limited" => new PromptAnswer { Source = CacheSource.Miss, Refusal = OpenAiError.Refuse(429, "secret prompt", "requests", "rate_limit_exceeded") },
            "hot" => new PromptAnswer { Source = CacheSource.Bypass },
            _ => throw new InvalidOperationException("secret prompt"),
        });
        string[] lines =
        [
            "{", "[]", """{"request":{"model":"m","messages":[{"role":"user","content":"hi"}]},"response":{"id":"incomplete"}}""", """{"response":{}}""",
            """{"request":{"messages":[{"role":"user","content":"hi"}]}}""", """{"request":{"model":"m","messages":[{"role":"user","content":"hi"}]},"reponse":{}}""",
            """{"request":{"model":"m","messages":[{"role":"user","content":"hi"}]},"endpoint":"/v1/nowhere"}""", """{"request":{"model":"m","messages":[{"role":"user","content":"hi"}]},"ttl":0}""",
            """{"request":{"model":"m","messages":[{"role":"user","content":"hi"}]},"tags":["a,b"]}""", """{"request":"text"}""",
            """{"request":{"model":"m","messages":[{"role":"user","content":"hi"}]},"x":"LONG"}""".Replace("LONG", new string('x', 5_000), StringComparison.Ordinal),
            """{"request":{"model":"limited","messages":[{"role":"user","content":"hi"}]}}""", """{"request":{"model":"hot","messages":[{"role":"user","content":"hi"}]}}""", """{"request":{"model":"broken","messages":[{"role":"user","content":"hi"}]}}""",
            """{"request":{"model":"m","messages":[{"role":"user","content":"hi"}]},"tenant":"a","scope":"b"}""", """{"request":{"model":"m","messages":[{"role":"user","content":"hi"}]},"line_breaks":"lf"}""",
            """{"request":{"model":"good","messages":[{"role":"user","content":"hi"}]},"response":{"id":"good"}}""",
        ];

        var report = (await host.PostAsync("/admin/warm", string.Join('\n', lines))).ShouldBeOk();

        (report.Number("lines"), report.Number("stored"), report.Number("failed")).ShouldBe((17, 1, 16));
        var failures = report.GetProperty("failures").EnumerateArray().Select(f => (f.Number("line"), Reason: f.Text("reason"))).ToList();
        failures.Select(f => f.Item1).ShouldBe(Enumerable.Range(1, 16).Select(n => (long)n));
        string[] reasons =
        [
            "valid JSON", "JSON object", "no_finish_reason", "'request' is missing", "model", "'reponse' is not a field", "'endpoint' must be", "'ttl' must be",
            "'tags' must be", "'request' must be", "longer than Admin:MaxLineBytes", "status 429 (rate_limit_exceeded)", "leave the cache out",
            "had an error", "'scope' is not", "'line_breaks' must be",
        ];
        for (var i = 0; i < reasons.Length; i++) failures[i].Reason.ShouldContain(reasons[i]);
        report.ToString().ShouldNotContain("secret");
        host.Logs.Lines.ShouldAllBe(line => !line.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Warm_WithManyFailures_TellsTheFirstOnly()
    {
        await using var host = await AdminHost.StartAsync();

        var report = (await host.PostAsync("/admin/warm", string.Join('\n', Enumerable.Repeat("x", 500)))).ShouldBeOk();

        report.Number("failed").ShouldBe(500);
        report.GetProperty("failures").EnumerateArray().Select(f => f.Number("line")).ShouldBe(Enumerable.Range(1, 100).Select(n => (long)n));
    }

    [Fact]
    public async Task Warm_WithConcurrency_AsksThatManyAtOnceAndNoMore()
    {
        await using var host = await AdminHost.StartAsync();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var three = new CountdownEvent(3);
        host.Owners.Answer = async _ =>
        {
            if (!three.IsSet) three.Signal();
            await release.Task.WaitAsync(Wait);
            return new PromptAnswer { Source = CacheSource.Miss };
        };
        var lines = string.Join('\n', Enumerable.Range(0, 20).Select(i => $$$"""{"request":{"model":"m{{{i}}}","messages":[{"role":"user","content":"hi"}]}}"""));

        var warming = host.PostAsync("/admin/warm?concurrency=3", lines);
        (await Task.Run(() => three.Wait(Wait))).ShouldBeTrue();
        release.SetResult();

        (await warming.WaitAsync(Wait)).ShouldBeOk().Number("asked").ShouldBe(20);
        host.Owners.MostAtOnce.ShouldBe(3);
    }

    [Theory]
    [InlineData("?concurrency=0", "invalid_value")]
    [InlineData("?concurrency=65", "invalid_value")]
    [InlineData("?concurrency=-1", "invalid_value")]
    [InlineData("?concurrency=x", "invalid_value")]
    [InlineData("?overwrite=1", "invalid_value")]
    [InlineData("?tenant=a", "unknown_parameter")]
    public async Task Warm_WithBadParameters_IsRefused(string query, string code)
    {
        await using var host = await AdminHost.StartAsync();

        (await host.PostAsync("/admin/warm" + query, "{}")).ShouldBeError(400, code);
    }

    [Fact]
    public async Task Warm_OfAnUploadLargerThanTheServersBound_IsTaken()
    {
        await using var host = await AdminHost.StartAsync();
        const int count = 30;
        var padding = new string('p', 1 << 20);
        using var content = new StreamedLines(Enumerable.Range(0, count).Select(i =>
            $$$"""{"request":{"model":"m{{{i}}}","messages":[{"role":"user","content":"hi"}]},"response":{"id":"{{{padding}}}"}}"""));

        using var response = await host.Client.PostAsync("/admin/warm", content);

        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Number("stored").ShouldBe(count);
    }

    [Fact]
    public async Task ExportPurgeWarm_RoundTrip_IsByteIdentical()
    {
        await using var host = await AdminHost.StartAsync();
        string[] bodies =
        [
            """{"id":"plain"}""", "{\n  \"id\": \"pretty\",\n\t\"n\": [\n 1.50 ]\n}\n", " \t{\"id\":\"padded\"}  ", "{\r\n\t\t\"id\":\t\"crlf\" }\r\n",
            """{"id":"\u00e9 ü \"quoted\" \\n"}""", "{\"id\":\t\"tab only\"}",
        ];
        for (var i = 0; i < bodies.Length; i++)
            await host.StoreAsync($$"""{ "model":"m{{i}}","messages":[{"role":"user","content":"hi"}]}""" + (i % 2 == 0 ? "\n" : ""), bodies[i], i % 2 == 0 ? "team" : "team/x", ["t" + i], TimeSpan.FromSeconds(100 + i));
        var before = host.Store.Entries.ToDictionary(e => e.Key, e => e.Value);

        var export = await host.Client.GetByteArrayAsync("/admin/export");
        (await host.PostAsync("/admin/purge", """{"all":true}""")).ShouldBeOk().Number("purged").ShouldBe(bodies.Length);
        host.Clock.Advance(TimeSpan.FromSeconds(40));
        using var response = await host.Client.PostAsync("/admin/warm", new ByteArrayContent(export));

        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Number("stored").ShouldBe(bodies.Length);
        host.Store.Entries.Count.ShouldBe(bodies.Length);
        foreach (var (key, entry) in host.Store.Entries)
        {
            var old = before[key];
            Encoding.UTF8.GetString(entry.Completion.Body).ShouldBe(Encoding.UTF8.GetString(old.Completion.Body));
            Encoding.UTF8.GetString(entry.Request.Span).ShouldBe(Encoding.UTF8.GetString(old.Request.Span));
            (entry.Completion.Scope, entry.Completion.Model, entry.Completion.FreshUntil).ShouldBe((old.Completion.Scope, old.Completion.Model, old.Completion.FreshUntil));
            entry.Completion.Tags.ShouldBe(old.Completion.Tags);
        }
    }

    [Fact]
    public async Task Export_OfAnEntry_HasTheDocumentedForm()
    {
        await using var host = await AdminHost.StartAsync();
        var key = await host.StoreAsync("""{"model":"m","messages":[{"role":"user","content":"hi"}]}""", "{\n\"id\":1}", "team/a", ["blue"], TimeSpan.FromSeconds(60));

        var export = await host.Client.GetStringAsync("/admin/export");

        export.ShouldBe(
            $$"""{"key":"{{key}}","endpoint":"/v1/chat/completions","scope":"team/a","model":"m","tags":["blue"],"created":"2026-01-01T00:00:00.000Z","fresh_until":"2026-01-01T00:01:00.000Z","usage":{"prompt_tokens":10,"completion_tokens":20},"line_breaks":"tabs","request":{"model":"m","messages":[{"role":"user","content":"hi"}]},"response":{"""
            + "\t \"id\":1}}\n");
    }

    [Fact]
    public async Task ExportAndWarm_WithoutKeptRequests_GoByTheKey()
    {
        await using var host = await AdminHost.StartAsync();
        var key = await host.StoreAsync("""{"model":"m","messages":[{"role":"user","content":"hi"}]}""", """{"id":"kept"}""");
        host.Store.Entries[key] = host.Store.Entries[key] with { Request = default };

        var export = await host.Client.GetStringAsync("/admin/export");
        host.Store.Entries.Clear();
        host.Owners.Held.Clear();

        (await host.PostAsync("/admin/warm", export)).ShouldBeOk().Number("stored").ShouldBe(1);
        Encoding.UTF8.GetString(host.Store.Entries[key].Completion.Body).ShouldBe("""{"id":"kept"}""");
    }

    [Fact]
    public async Task Warm_OfAnExportThatHasExpired_StoresNothing()
    {
        await using var host = await AdminHost.StartAsync();
        await host.StoreAsync("""{"model":"m","messages":[{"role":"user","content":"hi"}]}""", ttl: TimeSpan.FromSeconds(10));
        var export = await host.Client.GetStringAsync("/admin/export");
        host.Store.Entries.Clear();
        host.Clock.Advance(TimeSpan.FromSeconds(10));

        (await host.PostAsync("/admin/warm", export)).ShouldBeOk().Number("expired").ShouldBe(1);

        host.Store.Entries.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", 3)]
    [InlineData("?scope=team/a", 1)]
    [InlineData("?tenant=team", 2)]
    [InlineData("?model=m1", 1)]
    [InlineData("?tag=blue", 1)]
    [InlineData("?model=absent", 0)]
    public async Task Export_WithAFilter_GivesWhatItNames(string query, int count)
    {
        await using var host = await AdminHost.StartAsync();
        await host.StoreAsync("""{"model":"m1","messages":[{"role":"user","content":"hi"}]}""", scope: "team");
        await host.StoreAsync("""{"model":"m2","messages":[{"role":"user","content":"hi"}]}""", scope: "team/a", tags: ["blue"]);
        await host.StoreAsync("""{"model":"m2","messages":[{"role":"user","content":"hi"}]}""");

        var export = await host.Client.GetStringAsync("/admin/export" + query);

        export.Count(c => c == '\n').ShouldBe(count);
    }

    [Theory]
    [InlineData("?scop=a", "unknown_parameter")]
    [InlineData("?scope=", "invalid_value")]
    [InlineData("?tenant=a/b", "invalid_value")]
    public async Task Export_WithBadParameters_IsRefused(string query, string code)
    {
        await using var host = await AdminHost.StartAsync();

        (await host.GetAsync("/admin/export" + query)).ShouldBeError(400, code);
    }

    [Fact]
    public async Task Export_WithTheStoreDown_SaysSo()
    {
        await using var host = await AdminHost.StartAsync();
        host.Store.Fails = true;

        (await host.GetAsync("/admin/export")).ShouldBeError(503, "store_unavailable");
    }

    [Fact]
    public async Task Export_ThatBreaksOff_IsNotTakenForWhole()
    {
        await using var host = await AdminHost.StartAsync();
        for (var i = 0; i < 3; i++) await host.StoreAsync($$"""{"model":"m{{i}}","messages":[{"role":"user","content":"hi"}]}""");
        host.Store.ExportBreaksAfter = 2;

        await Should.ThrowAsync<HttpRequestException>(() => host.Client.GetByteArrayAsync("/admin/export"));
    }

    [Fact]
    public void LineBreaks_OfRandomWhiteSpace_ComeBackByteForByte()
    {
        var random = new Random(11);
        for (var round = 0; round < 2_000; round++)
        {
            var text = new byte[random.Next(40)];
            for (var i = 0; i < text.Length; i++) text[i] = "\n\r\t {x"u8[random.Next(6)];

            var line = LineBreaks.ToTabs(text);

            line.ShouldNotContain((byte)'\n');
            line.ShouldNotContain((byte)'\r');
            LineBreaks.FromTabs(line).ShouldBe(text);
        }
    }

    [Theory]
    [InlineData("{\t}")]
    [InlineData("{\t\t}")]
    [InlineData("\t")]
    public void FromTabs_OfOtherTabs_IsNull(string line) => LineBreaks.FromTabs(Encoding.UTF8.GetBytes(line)).ShouldBeNull();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task LineReader_WithAnyPieces_CutsTheSameLines(int piece)
    {
        var text = Encoding.UTF8.GetBytes("\uFEFFfirst\r\n\n  third \n" + new string('x', 300) + "\nlast");
        var lines = new List<string>();

        await foreach (var line in LineReader.ReadAsync(new SlowStream(text, piece), 100, default))
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{line.Number}:{(line.Bytes is null ? "too long" : Encoding.UTF8.GetString(line.Bytes))}"));

        lines.ShouldBe(["1:first", "3:third", "4:too long", "5:last"]);
    }

    private sealed class SlowStream(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }

    private sealed class StreamedLines(IEnumerable<string> lines) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            foreach (var line in lines) await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
