using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using OrleansCache.Gateway.Tests.Hosting;

namespace OrleansCache.Gateway.Tests.Callers;

public sealed class ApiKeyTests : IDisposable
{
    private const string Prompt = """{"model":"m","messages":[{"role":"user","content":"hi"}]}""";
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"orleanscache-{Guid.NewGuid():N}.key");

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task Keys_FromEverySource_FindTheirTenant()
    {
        await File.WriteAllTextAsync(_file, "secret-of-file\n");
        await using var host = await GatewayHost.StartAsync(Keys(
            ("plain", "a", "Secret", "secret-plain"),
            ("file", "b", "SecretFile", _file),
            ("hash", "c", "SecretHash", Convert.ToHexString(SHA256.HashData("secret-hashed"u8)))));

        foreach (var secret in new[] { "secret-plain", "secret-of-file", "secret-hashed" })
            (await host.ChatAsync(Prompt, ("Authorization", $"Bearer {secret}"))).StatusCode.ShouldBe(HttpStatusCode.OK);

        host.Owners.Asked.Select(static r => r.Scope).ShouldBe(["a", "b", "c"]);
        host.Owners.Asked.Select(static r => r.Key).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task SamePrompt_OfTwoTenants_IsNeverShared()
    {
        await using var host = await GatewayHost.StartAsync(Keys(("x", "a", "Secret", "secret-of-x"), ("y", "b", "Secret", "secret-of-y")));

        var x = await host.ChatAsync(Prompt, ("Authorization", "Bearer secret-of-x"));
        var y = await host.ChatAsync(Prompt, ("Authorization", "Bearer secret-of-y"));
        var yInsideX = await host.ChatAsync(Prompt, ("Authorization", "Bearer secret-of-y"), ("x-cache-scope", "a"));

        new[] { x, y, yInsideX }.ShouldAllBe(static r => r.Header("x-cache") == "MISS");
        x.Header("x-cache-key").ShouldNotBe(y.Header("x-cache-key"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong-secret")]
    [InlineData("Bearer secret-plain2")]
    [InlineData("Bearer ")]
    [InlineData("Basic secret-plain")]
    [InlineData("secret-plain")]
    public async Task Key_MissingOrWrong_Is401(string? authorization)
    {
        await using var host = await GatewayHost.StartAsync(Keys(("plain", "a", "Secret", "secret-plain")));

        var response = authorization is null ? await host.ChatAsync(Prompt) : await host.ChatAsync(Prompt, ("Authorization", authorization));

        var error = await response.ShouldBeErrorAsync(HttpStatusCode.Unauthorized, "invalid_api_key");
        error.GetProperty("type").GetString().ShouldBe("invalid_request_error");
        error.GetProperty("message").GetString()!.ShouldStartWith(authorization is null ? "You didn't provide an API key." : "Incorrect API key provided.");
        error.GetProperty("message").GetString()!.ShouldNotContain("secret");
        response.Header("www-authenticate").ShouldBe("Bearer");
        host.Owners.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Key_LongerThanAnyCanBe_Is401()
    {
        await using var host = await GatewayHost.StartAsync(Keys(("plain", "a", "Secret", "secret-plain")));

        var response = await host.ChatAsync(Prompt, ("Authorization", "Bearer " + new string('k', 5_000)));

        await response.ShouldBeErrorAsync(HttpStatusCode.Unauthorized, "invalid_api_key");
    }

    [Theory]
    [InlineData("bearer secret-plain")]
    [InlineData("Bearer   secret-plain ")]
    public async Task Authorization_InOtherSpelling_IsUnderstood(string authorization)
    {
        await using var host = await GatewayHost.StartAsync(Keys(("plain", "a", "Secret", "secret-plain")));

        (await host.ChatAsync(Prompt, ("Authorization", authorization))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Models_WithoutKey_Is401()
    {
        await using var host = await GatewayHost.StartAsync(Keys(("plain", "a", "Secret", "secret-plain")));

        await (await host.Client.GetAsync("/v1/models")).ShouldBeErrorAsync(HttpStatusCode.Unauthorized, "invalid_api_key");
    }

    [Fact]
    public async Task NoKeys_AnyAuthorization_IsAnonymous()
    {
        await using var host = await GatewayHost.StartAsync();

        (await host.ChatAsync(Prompt, ("Authorization", "Bearer whatever"))).StatusCode.ShouldBe(HttpStatusCode.OK);

        host.Owners.Asked[0].Scope.ShouldBe("default");
    }

    [Fact]
    public async Task Logs_OfEverything_HoldNeitherSecretNorPrompt()
    {
        await using var host = await GatewayHost.StartAsync(Keys(("plain", "a", "Secret", "secret-plain")));
        const string prompt = """{"model":"m","messages":[{"role":"user","content":"whispered words"}]}""";
        (string, string) key = ("Authorization", "Bearer secret-plain");
        await host.ChatAsync(prompt, key);
        await host.ChatAsync(prompt, key);
        await host.ChatAsync(prompt, ("Authorization", "Bearer guessed-secret"));
        await host.ChatAsync(prompt[..^3], key);
        host.Owners.Ask = (_, _) => throw new InvalidOperationException("whispered words of secret-plain");
        var failed = await host.ChatAsync(prompt.Replace("\"m\"", "\"n\""), key);

        (await failed.ShouldBeErrorAsync(HttpStatusCode.InternalServerError, "internal_error")).ToString().ShouldNotContain("whispered");
        host.Logs.Lines.ShouldContain(static l => l.Contains("[5001]") && l.Contains("InvalidOperationException"));
        foreach (var secret in new[] { "secret-plain", "guessed-secret", "whispered", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes("secret-plain"))) })
            host.Logs.Lines.ShouldNotContain(l => l.Contains(secret, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("", "a", "Secret", "long-enough", "ApiKeys:0:Name is ''")]
    [InlineData("n/m", "a", "Secret", "long-enough", "ApiKeys:0:Name is 'n/m'")]
    [InlineData("n", "a/b", "Secret", "long-enough", "ApiKeys:0:Tenant is 'a/b'")]
    [InlineData("n", "a", "Secret", "short", "has a secret of 5 bytes; it must be between 8 and 512 bytes")]
    [InlineData("n", "a", "SecretHash", "abc", "SecretHash has 3 characters; it must be 64")]
    [InlineData("n", "a", "SecretFile", "/nowhere/key", "SecretFile '/nowhere/key' cannot be read")]
    [InlineData("n", "a", "Unknown", "x", "has 0 secrets; set exactly one")]
    public async Task Key_ConfiguredWrongly_StopsTheStart(string name, string tenant, string source, string value, string message)
    {
        await using var host = GatewayHost.Build(Keys((name, tenant, source, value)));

        var fault = await Should.ThrowAsync<OptionsValidationException>(host.App.StartAsync());

        fault.Message.ShouldContain(message);
        fault.Message.ShouldNotContain("long-enough");
    }

    [Fact]
    public async Task Keys_Twice_StopTheStart()
    {
        await using var host = GatewayHost.Build(Keys(("n", "a", "Secret", "long-enough"), ("n", "a", "Secret", "long-enough")));

        var fault = await Should.ThrowAsync<OptionsValidationException>(host.App.StartAsync());

        fault.Failures.Count().ShouldBe(2);
    }

    private static Dictionary<string, string?> Keys(params (string Name, string Tenant, string Source, string Value)[] keys)
    {
        var settings = new Dictionary<string, string?>();
        for (var i = 0; i < keys.Length; i++)
        {
            settings[$"OrleansCache:ApiKeys:{i}:Name"] = keys[i].Name;
            settings[$"OrleansCache:ApiKeys:{i}:Tenant"] = keys[i].Tenant;
            settings[$"OrleansCache:ApiKeys:{i}:{keys[i].Source}"] = keys[i].Value;
        }

        return settings;
    }
}
