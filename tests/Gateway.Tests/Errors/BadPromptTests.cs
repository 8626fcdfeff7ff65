using System.Net;
using System.Text;
using OrleansCache.Gateway.Tests.Hosting;

namespace OrleansCache.Gateway.Tests.Errors;

public sealed class BadPromptTests
{
    private const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":\"secret text\"}]";

    public static TheoryData<string, string> Bodies => new()
    {
        { "/v1/chat/completions", "{" },
        { "/v1/chat/completions", "null" },
        { "/v1/chat/completions", "[]" },
        { "/v1/chat/completions", "\"text\"" },
        { "/v1/chat/completions", "{}" },
        { "/v1/chat/completions", "{\"model\":\"m\"}" },
        { "/v1/chat/completions", $"{{{Messages}}}" },
        { "/v1/chat/completions", $"{{\"model\":\"\",{Messages}}}" },
        { "/v1/chat/completions", $"{{\"model\":5,{Messages}}}" },
        { "/v1/chat/completions", "{\"model\":\"m\",\"messages\":\"hi\"}" },
        { "/v1/chat/completions", "{\"model\":\"m\",\"messages\":[]}" },
        { "/v1/chat/completions", $"{{\"model\":\"m\",{Messages},\"stream\":\"yes\"}}" },
        { "/v1/chat/completions", $"{{\"model\":\"m\",{Messages},\"stream_options\":[]}}" },
        { "/v1/chat/completions", $"{{\"model\":\"m\",{Messages},\"temperature\":\"hot\"}}" },
        { "/v1/chat/completions", $"{{\"model\":\"m\",{Messages}}} trailing" },
        { "/v1/chat/completions", "\0\0\0\0" },
        { "/v1/completions", "{\"model\":\"m\",\"prompt\":{}}" },
        { "/v1/embeddings", "{\"model\":\"m\",\"input\":true}" },
        { "/v1/embeddings", "{\"model\":\"m\"}" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Body_ThatIsNoPrompt_Is400AndQuotesNothing(string path, string body)
    {
        await using var host = await GatewayHost.StartAsync();

        var error = await (await host.PostAsync(path, body)).ShouldBeErrorAsync(HttpStatusCode.BadRequest);

        error.GetRawText().ShouldNotContain("secret text");
        error.GetProperty("type").GetString().ShouldBe("invalid_request_error");
        host.Owners.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Body_Nested10000Deep_Is400()
    {
        await using var host = await GatewayHost.StartAsync();
        var body = $"{{\"model\":\"m\",{Messages},\"x\":{new string('[', 10_000)}{new string(']', 10_000)}}}";

        await (await host.ChatAsync(body)).ShouldBeErrorAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Body_OfInvalidUtf8_Is400()
    {
        await using var host = await GatewayHost.StartAsync();
        var body = Encoding.UTF8.GetBytes("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"?\"}]}");
        body[Array.IndexOf(body, (byte)'?')] = 0xFF;
        using var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");

        await (await host.Client.PostAsync("/v1/chat/completions", content)).ShouldBeErrorAsync(HttpStatusCode.BadRequest);
    }
}
