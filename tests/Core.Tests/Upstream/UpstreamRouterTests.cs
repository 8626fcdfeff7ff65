using OrleansCache.Core.Upstream;
using OrleansCache.Testing;

namespace OrleansCache.Core.Tests.Upstream;

public sealed class UpstreamRouterTests
{
    [Theory]
    [InlineData("gpt-4o", "exact")]
    [InlineData("gpt-4o-mini", "star")]
    [InlineData("claude", "rest")]
    public async Task Call_Model_GoesToTheFirstMatch(string model, string expected)
    {
        var router = new UpstreamRouter([Route("exact", "gpt-4o"), Route("star", "gpt-4o*", "o1"), Route("rest")]);

        var answer = await router.CallAsync(ScriptedUpstream.Request("{}", model: model), default);

        FoldedAnswer.Text(answer.Body).ShouldBe(expected);
    }

    [Fact]
    public async Task Call_NoMatch_NamesTheSetting()
    {
        var router = new UpstreamRouter([Route("a", "x")]);

        var fault = await Should.ThrowAsync<UpstreamException>(() => router.CallAsync(ScriptedUpstream.Request("{}", model: "y"), default));

        fault.Fault.ShouldBe(UpstreamFault.NotConfigured);
        fault.Message.ShouldContain("OrleansCache:Upstreams:<n>:Models");
        fault.IsTransient.ShouldBeFalse();
    }

    [Fact]
    public async Task ListModels_Several_MergesAndLeavesOutWhatFails()
    {
        var router = new UpstreamRouter(
        [
            Models("a", """{"data":[{"id":"m1","x":1},{"id":"m2"}]}"""),
            new UpstreamRoute("b", [], new ScriptedUpstream { ModelsHandler = _ => throw new UpstreamException(UpstreamFault.Reset, "gone") }),
            Models("c", """{"data":[{"id":"m2"},{"id":"m3"}]}"""),
        ]);

        var answer = await router.ListModelsAsync(default);

        FoldedAnswer.Text(answer.Body).ShouldBe("""{"object":"list","data":[{"id":"m1","x":1},{"id":"m2"},{"id":"m3"}]}""");
    }

    [Fact]
    public async Task ListModels_AllFail_Throws()
    {
        UpstreamRoute Failing(string name) =>
            new(name, [], new ScriptedUpstream { ModelsHandler = _ => throw new UpstreamException(UpstreamFault.Reset, "gone") });

        await Should.ThrowAsync<UpstreamException>(() => new UpstreamRouter([Failing("a"), Failing("b")]).ListModelsAsync(default));
    }

    private static UpstreamRoute Route(string name, params string[] models) =>
        new(name, [.. models], new ScriptedUpstream((_, _) => Task.FromResult(ScriptedUpstream.Json(name))));

    private static UpstreamRoute Models(string name, string body) =>
        new(name, [], new ScriptedUpstream { ModelsHandler = _ => Task.FromResult(ScriptedUpstream.Json(body)) });
}
