using System.Globalization;
using System.Text;
using OrleansCache.Gateway.Tests.Hosting;

namespace OrleansCache.Gateway.Tests.Errors;

/// <summary>Bodies and headers from a fixed seed: whatever comes, the answer is 2xx or 4xx and the server goes on.</summary>
public sealed class FuzzTests
{
    private const int Requests = 1_500;

    private static readonly string[] Paths = ["/v1/chat/completions", "/v1/completions", "/v1/embeddings"];

    private static readonly string[] Seeds =
    [
        """{"model":"m","messages":[{"role":"user","content":"hi"}],"temperature":0.5,"stream":true,"stream_options":{"include_usage":true}}""",
        """{"model":"m","prompt":["a","b"],"max_tokens":16,"stop":["\n"],"logit_bias":{"50256":-100}}""",
        """{"model":"m","input":[1,2,3],"encoding_format":"base64","user":"\ud83d\ude00"}""",
    ];

    private static readonly string[] HeaderNames =
        ["Cache-Control", "x-cache-ttl", "x-cache-scope", "x-cache-tags", "x-request-id", "Authorization", "Content-Encoding", "Content-Type", "Accept"];

    private static readonly string[] HeaderValues =
        ["", "no-cache", "no-store, max-age=", "max-age=-", "=,=,", "\"", "a,b,,", "gzip", "Bearer ", "Bearer x", "application/json", "text/plain", "*/*", "0", "99999999999999999999", "ä", "%00"];

    [Fact]
    public async Task Server_GivenAnything_AnswersWith2xxOr4xx()
    {
        var random = new Random(20260101);
        await using var host = await GatewayHost.StartAsync(new() { ["OrleansCache:Gateway:MaxBodyBytes"] = "65536" });
        var statuses = new SortedDictionary<int, int>();
        for (var i = 0; i < Requests; i++)
        {
            using var request = Make(random);
            using var response = await host.Client.SendAsync(request);
            var status = (int)response.StatusCode;
            status.ShouldBeInRange(200, 499, $"request {i.ToString(CultureInfo.InvariantCulture)}");
            if (status >= 400) await response.ShouldBeErrorAsync(response.StatusCode);
            else await response.TextAsync();
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
        }

        statuses.Keys.ShouldContain(200);
        statuses.Keys.ShouldContain(400);
        (await host.Client.GetAsync("/health/ready")).EnsureSuccessStatusCode();
        host.Logs.Lines.ShouldNotContain(static l => l.StartsWith("Error") || l.StartsWith("Critical"));
    }

    private static HttpRequestMessage Make(Random random)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Paths[random.Next(Paths.Length)])
        {
            Content = new ByteArrayContent(Mutate(random, Encoding.UTF8.GetBytes(Seeds[random.Next(Seeds.Length)]))),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        request.Headers.TransferEncodingChunked = random.Next(4) == 0;
        for (var count = random.Next(3); count > 0; count--)
        {
            var (name, value) = (HeaderNames[random.Next(HeaderNames.Length)], HeaderValues[random.Next(HeaderValues.Length)]);
            if (!value.All(char.IsAscii)) value = Uri.EscapeDataString(value);
            if (!request.Headers.TryAddWithoutValidation(name, value)) request.Content.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private static byte[] Mutate(Random random, byte[] body)
    {
        var bytes = body.ToList();
        for (var count = random.Next(4); count > 0; count--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(6))
            {
                case 0 when at < bytes.Count: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.Insert(at, (byte)random.Next(256)); break;
                case 2 when at < bytes.Count: bytes.RemoveRange(at, random.Next(bytes.Count - at)); break;
                case 3: bytes.InsertRange(at, Enumerable.Repeat((byte)"[{\"0\\ \0"[random.Next(7)], random.Next(3_000))); break;
                case 4: bytes.InsertRange(at, bytes.ToArray()); break;
                default: bytes.InsertRange(at, """{"model":1,"messages":{},"stream":"yes"}"""u8.ToArray()); break;
            }
        }

        return [.. bytes];
    }
}
