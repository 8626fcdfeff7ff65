using System.Text.Json;

namespace OrleansCache.Gateway.Tests.Admin;

internal static class AdminAssertions
{
    /// <summary>OpenAI's shape of an error, with this status and code.</summary>
    public static string ShouldBeError(this (int Status, JsonElement Json) answer, int status, string code)
    {
        answer.Status.ShouldBe(status, answer.Json.ToString());
        var error = answer.Json.GetProperty("error");
        error.EnumerateObject().Select(p => p.Name).ShouldBe(["message", "type", "param", "code"]);
        error.GetProperty("code").GetString().ShouldBe(code, error.GetProperty("message").GetString());
        return error.GetProperty("message").GetString()!;
    }

    public static JsonElement ShouldBeOk(this (int Status, JsonElement Json) answer)
    {
        answer.Status.ShouldBe(200, answer.Json.ToString());
        return answer.Json;
    }

    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;

    public static long Number(this JsonElement json, string name) => json.GetProperty(name).GetInt64();
}
