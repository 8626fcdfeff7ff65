using OrleansCache.Standalone.Tests.Harness;
using OrleansCache.Testing;

namespace OrleansCache.Standalone.Tests.Clients;

public sealed class CurlTests
{
    private const string Install = "Install curl (Debian: apt-get install curl); ./test does so where it may.";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Curl_Twice_SecondIsAHitWithTheSameAnswer(bool stream)
    {
        using var folder = new TempFolder();
        await using var process = await StandaloneProcess.StartAsync(folder.Path);
        var body = new ChatBody("Why is the sky blue?", stream);

        var first = await AskAsync(folder, process, body);
        var second = await AskAsync(folder, process, body);

        first.Headers.ShouldContain("x-cache: MISS");
        second.Headers.ShouldContain("x-cache: HIT");
        second.Chat.ShouldBe(first.Chat);
        second.Chat.Content.ShouldNotBeEmpty();
    }

    private static async Task<(string Headers, ChatText Chat)> AskAsync(TempFolder folder, StandaloneProcess process, ChatBody body)
    {
        var url = new Uri(process.Address, "/v1/chat/completions").ToString();
        string[] request = ["-H", "content-type: application/json", "-d", body.ToString(), url];
        var (code, output) = await Tool.RunAsync(Install, "curl", folder.Path, ["-sSN", "--noproxy", "*", "-D", "-", .. request]);
        code.ShouldBe(0, output);
        var end = output.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var text = output[(end + 4)..];
        return (output[..end], body.Stream ? ChatText.OfStream(text) : ChatText.OfPlain(text));
    }
}
