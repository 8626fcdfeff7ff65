using System.Text.Json;
using Microsoft.Extensions.Options;

namespace OrleansCache.Gateway.Tests.Admin;

public sealed class AdminAccessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("admin key ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("GET", "/admin/stats")]
    [InlineData("GET", "/admin/export")]
    [InlineData("POST", "/admin/purge")]
    [InlineData("POST", "/admin/warm")]
    [InlineData("POST", "/admin/explain")]
    [InlineData("DELETE", "/admin/entries/0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("GET", "/admin/no-such-thing")]
    public async Task AnyRoute_WithoutTheAdminKey_IsRefused(string method, string path)
    {
        await using var host = await AdminHost.StartAsync();
        await host.StoreAsync("""{"model":"m","messages":[{"role":"user","content":"hi"}]}""");

        (await SendAsync(host, null, method, path)).ShouldBeError(401, "missing_admin_key");
        (await SendAsync(host, "sk-an-api-key-of-a-user", method, path)).ShouldBeError(403, "wrong_admin_key");
        (await SendAsync(host, AdminHost.Key + "x", method, path)).ShouldBeError(403, "wrong_admin_key");

        host.Store.Entries.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("GET", "/admin/no-such-thing")]
    [InlineData("GET", "/admin/purge")]
    [InlineData("POST", "/admin/stats")]
    [InlineData("GET", "/admin")]
    public async Task UnknownRoute_WithTheAdminKey_IsNotFound(string method, string path)
    {
        await using var host = await AdminHost.StartAsync();

        (await host.SendAsync(new HttpMethod(method), path)).ShouldBeError(404, "unknown_url");
    }

    [Fact]
    public async Task Start_WithoutAKey_MakesOneThatOnlyItsOwnerReadsAndNeverLogsIt()
    {
        var database = Path.Combine(_folder, "made", "cache.db");
        var file = Path.Combine(_folder, "made", "admin.key");
        await using var host = await AdminHost.StartAsync(("Gateway:AdminKey", null), ("Store:Path", database));

        var key = (await File.ReadAllTextAsync(file)).Trim();

        (await SendAsync(host, key, "GET", "/admin/stats")).Status.ShouldBe(200);
        key.Length.ShouldBeGreaterThan(60);
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        host.Logs.Lines.ShouldContain(line => line.Contains(file, StringComparison.Ordinal));
        host.Logs.Lines.ShouldAllBe(line => !line.Contains(key, StringComparison.Ordinal));
        Directory.GetFiles(Path.Combine(_folder, "made")).Length.ShouldBe(1);

        await using var again = await AdminHost.StartAsync(("Gateway:AdminKey", null), ("Store:Path", database));
        (await SendAsync(again, key, "GET", "/admin/stats")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Start_WithNowhereToKeepAKey_ClosesAdminAndSaysSo()
    {
        var blocked = Path.Combine(_folder, "a-file");
        await File.WriteAllTextAsync(blocked, "");
        await using var host = await AdminHost.StartAsync(("Gateway:AdminKey", null), ("Store:Path", Path.Combine(blocked, "cache.db")));

        (await SendAsync(host, "anything-at-all-will-not-do", "GET", "/admin/stats")).ShouldBeError(403, "wrong_admin_key");

        host.Logs.Lines.ShouldContain(line => line.StartsWith("Warning 5103", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_WithAKeyFile_TakesItsText()
    {
        var file = Path.Combine(_folder, "secret");
        await File.WriteAllTextAsync(file, "  a-key-from-a-file-of-mine\n");
        await using var host = await AdminHost.StartAsync(("Gateway:AdminKey", null), ("Gateway:AdminKeyFile", file));

        (await SendAsync(host, "a-key-from-a-file-of-mine", "GET", "/admin/stats")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("Gateway:AdminKey", "short")]
    [InlineData("Gateway:AdminKey", "long enough but with spaces")]
    [InlineData("Admin:MaxLineBytes", "1")]
    [InlineData("Admin:StoreDeadline", "00:02:00")]
    [InlineData("Admin:NearestCandidates", "-1")]
    public async Task Start_WithAWrongSetting_FailsAndNamesIt(string setting, string value)
    {
        var fault = await Should.ThrowAsync<OptionsValidationException>(() => AdminHost.StartAsync((setting, value)));

        fault.Message.ShouldContain("OrleansCache:" + setting);
        if (setting == "Gateway:AdminKey") fault.Message.ShouldNotContain(value);
    }

    [Fact]
    public async Task Start_WithAKeyFileThatIsMissing_FailsAndNamesIt()
    {
        var fault = await Should.ThrowAsync<OptionsValidationException>(
            () => AdminHost.StartAsync(("Gateway:AdminKey", null), ("Gateway:AdminKeyFile", Path.Combine(_folder, "missing"))));

        fault.Message.ShouldContain("AdminKeyFile");
    }

    private static async Task<(int Status, JsonElement Json)> SendAsync(AdminHost host, string? key, string method, string path)
    {
        using var client = host.NewClient(key);
        using var message = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "POST") message.Content = new StringContent("""{"all":true}""");
        using var response = await client.SendAsync(message);
        return ((int)response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }
}
