using System.Net;
using System.Text.Json;

namespace OrleansCache.Gateway.Tests.Hosting;

internal static class Responses
{
    public static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : null;

    public static Task<string> TextAsync(this HttpResponseMessage response) => response.Content.ReadAsStringAsync();

    /// <summary>Asserts an error in OpenAI's shape and returns it.</summary>
    public static async Task<JsonElement> ShouldBeErrorAsync(this HttpResponseMessage response, HttpStatusCode status, string? code = null)
    {
        var text = await response.TextAsync();
        response.StatusCode.ShouldBe(status, text);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/json");
        response.Header("x-request-id").ShouldNotBeNullOrEmpty();
        var error = JsonDocument.Parse(text).RootElement.GetProperty("error");
        error.EnumerateObject().Select(static p => p.Name).ShouldBe(["message", "type", "param", "code"]);
        error.GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
        error.GetProperty("type").GetString().ShouldNotBeNullOrEmpty();
        if (code is not null) error.GetProperty("code").GetString().ShouldBe(code);
        return error;
    }

    /// <summary>The data of each server-sent event.</summary>
    public static List<string> Events(string text)
    {
        text.ShouldEndWith("\n\n");
        return [.. text[..^2].Split("\n\n").Select(static e => e.ShouldStartWithData())];
    }

    private static string ShouldStartWithData(this string line)
    {
        line.ShouldStartWith("data: ");
        return line["data: ".Length..];
    }
}
