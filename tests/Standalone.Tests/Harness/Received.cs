using System.Net;
using System.Text;

namespace OrleansCache.Standalone.Tests.Harness;

/// <summary>A whole response.</summary>
internal sealed record Received(HttpStatusCode Status, string Source, string Key, string Degraded, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The answer of a chat, from either form.</summary>
    public ChatText Chat => Text.StartsWith("data: ", StringComparison.Ordinal) ? ChatText.OfStream(Text) : ChatText.OfPlain(Text);

    /// <summary>Sends a prompt and reads its answer to the end.</summary>
    /// <exception cref="HttpRequestException">The answer broke off.</exception>
    public static async Task<Received> OfAsync(HttpClient http, ChatBody body, string? cacheControl = null)
    {
        using var request = Request(body);
        if (cacheControl is not null) request.Headers.TryAddWithoutValidation("Cache-Control", cacheControl);
        using var response = await http.SendAsync(request);
        return new Received(
            response.StatusCode,
            Header(response, "x-cache"),
            Header(response, "x-cache-key"),
            Header(response, "x-cache-degraded"),
            await response.Content.ReadAsByteArrayAsync());
    }

    public static HttpRequestMessage Request(ChatBody body) => new(HttpMethod.Post, "/v1/chat/completions")
    {
        Content = new StringContent(body.ToString(), Encoding.UTF8, "application/json"),
    };

    public static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";
}
