using System.ClientModel;
using OpenAI;
using OpenAI.Chat;
using OrleansCache.Gateway.Tests.Hosting;

namespace OrleansCache.Gateway.Tests.EndToEnd;

/// <summary>The official .NET client, pointed at the gateway.</summary>
public sealed class OpenAiClientTests
{
    [Fact]
    public async Task CompleteChat_Twice_IsAHitAndEqual()
    {
        await using var host = await GatewayHost.StartAsync(realOwners: true);
        host.Upstream.Handler = (request, _) => CannedUpstream.AnswerAsync(host.Upstream, request);
        var client = Client(host);

        var first = await client.CompleteChatAsync([new UserChatMessage("hi")]);
        var second = await client.CompleteChatAsync([new UserChatMessage("hi")]);

        first.GetRawResponse().Headers.TryGetValue("x-cache", out var miss).ShouldBeTrue();
        second.GetRawResponse().Headers.TryGetValue("x-cache", out var hit).ShouldBeTrue();
        (miss, hit).ShouldBe(("MISS", "HIT"));
        second.GetRawResponse().Content.ToString().ShouldBe(first.GetRawResponse().Content.ToString());
        second.Value.Content[0].Text.ShouldBe(string.Concat(CannedUpstream.Words));
        second.Value.Usage.TotalTokenCount.ShouldBe(12);
        host.Upstream.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task CompleteChatStreaming_Twice_IsAHitAndEqual()
    {
        await using var host = await GatewayHost.StartAsync(realOwners: true);
        host.Upstream.Handler = (request, _) => CannedUpstream.AnswerAsync(host.Upstream, request);
        var client = Client(host);

        var first = await ReadAsync(client);
        var second = await ReadAsync(client);

        first.Text.ShouldBe(string.Concat(CannedUpstream.Words));
        second.ShouldBe(first);
        second.Tokens.ShouldBe(12);
        host.Upstream.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task CompleteChat_Refused_IsUnderstood()
    {
        await using var host = await GatewayHost.StartAsync(
            new() { ["OrleansCache:ApiKeys:0:Name"] = "n", ["OrleansCache:ApiKeys:0:Secret"] = "another-secret" });

        var fault = await Should.ThrowAsync<ClientResultException>(Client(host).CompleteChatAsync([new UserChatMessage("hi")]));

        fault.Status.ShouldBe(401);
        fault.Message.ShouldContain("Incorrect API key provided.");
    }

    private static ChatClient Client(GatewayHost host) =>
        new("m", new ApiKeyCredential("any-key-will-do"), new OpenAIClientOptions { Endpoint = new Uri(host.Address, "/v1") });

    private static async Task<(string Id, string Text, string Finish, int Tokens)> ReadAsync(ChatClient client)
    {
        var (id, text, finish, tokens) = ("", "", "", 0);
        await foreach (var update in client.CompleteChatStreamingAsync([new UserChatMessage("hi")]))
        {
            id = update.CompletionId;
            text += string.Concat(update.ContentUpdate.Select(static c => c.Text));
            finish = update.FinishReason?.ToString() ?? finish;
            tokens = update.Usage?.TotalTokenCount ?? tokens;
        }

        return (id, text, finish, tokens);
    }
}
