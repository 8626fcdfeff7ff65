using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrleansCache.Core.Storage;
using OrleansCache.Testing;

namespace OrleansCache.Storage.Tests;

public sealed class StoreOptionsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Kind", "mysql", "sqlite, postgres, none")]
    [InlineData("Kind", "7", "sqlite, postgres, none")]
    [InlineData("Durability", "always", "process, machine")]
    [InlineData("ReadDeadline", "00:00:00", "between")]
    [InlineData("WriteDeadline", "00:02:00", "between")]
    [InlineData("SweepInterval", "00:00:00.5", "between")]
    [InlineData("RetryQueueBytes", "-1", "between")]
    [InlineData("Path", " ", "must name a file")]
    [InlineData("Path", ":memory:", "must name a file")]
    public void Options_WrongValue_NamesSettingAndBounds(string setting, string value, string bounds)
    {
        var fault = Should.Throw<OptionsValidationException>(() => Resolve((setting, value)));

        fault.Message.ShouldContain($"OrleansCache:Store:{setting}");
        fault.Message.ShouldContain(bounds);
        if (setting is "Kind" or "Durability" or "RetryQueueBytes") fault.Message.ShouldContain($"'{value}'".Trim('\''));
    }

    [Fact]
    public void Options_PostgresWithoutAddress_SaysWhichSettingIsMissing() =>
        Should.Throw<OptionsValidationException>(() => Resolve(("Kind", "postgres"))).Message.ShouldContain("ConnectionString is missing");

    [Fact]
    public void Options_AddressTwice_IsRefusedWithoutShowingIt()
    {
        var fault = Should.Throw<OptionsValidationException>(() => Resolve(
            ("Kind", "postgres"), ("ConnectionString", "Host=h;Password=hunter2"), ("ConnectionStringFile", "/x")));

        fault.Message.ShouldContain("both set");
        fault.Message.ShouldNotContain("hunter2");
    }

    [Theory]
    [InlineData("Host=h;Pasword=hunter2", "is not a connection string")]
    [InlineData("Host=h;Port=hunter2", "is not a connection string")]
    [InlineData("hunter2", "is not a connection string")]
    [InlineData("postgresql://u:hunter2@h/d", "is a URI")]
    [InlineData("Username=u;Password=hunter2", "names no Host")]
    public void Options_WrongAddress_IsRefusedWithoutShowingIt(string address, string why)
    {
        var fault = Should.Throw<OptionsValidationException>(() => Resolve(("Kind", "postgres"), ("ConnectionString", address)));

        fault.Message.ShouldContain(why);
        fault.Message.ShouldNotContain("hunter2");
    }

    [Fact]
    public void Options_UnreadableFile_IsNamed()
    {
        var path = _folder.File("missing");

        Should.Throw<OptionsValidationException>(() => Resolve(("Kind", "postgres"), ("ConnectionStringFile", path)))
            .Message.ShouldContain(path);
    }

    [Fact]
    public void Options_AddressInAFile_IsTaken()
    {
        File.WriteAllText(_folder.File("address"), "Host=h;Username=u;Password=hunter2;Database=d\n");

        var options = Resolve(("Kind", "Postgres"), ("ConnectionStringFile", _folder.File("address")));

        options.Kind.ShouldBe(StoreKind.Postgres);
    }

    [Fact]
    public void ToString_WithPassword_DoesNotShowIt() =>
        new StoreOptions { Kind = StoreKind.Postgres, ConnectionString = "Host=h;Username=u;Password=hunter2;Database=d" }
            .ToString().ShouldBe("postgres, u@h:5432/d");

    [Theory]
    [InlineData("sqlite")]
    [InlineData("none")]
    public async Task Host_StartedAndStopped_StoresThroughTheGuard(string kind)
    {
        using var host = Host(("Kind", kind), ("Path", _folder.File("x.db")), ("ReadDeadline", "00:00:30"), ("WriteDeadline", "00:00:30"));
        await host.StartAsync().Soon();
        var guard = host.Services.GetRequiredService<IGuardedStore>();
        var health = host.Services.GetRequiredService<IStoreHealth>();

        (await guard.PutAsync(Entries.Make(new ManualClock(DateTimeOffset.UtcNow), Entries.Key(1)), default).Soon()).ShouldBe(StoreWrite.Stored);

        ((await guard.GetAsync(Entries.Key(1), default).Soon()).Completion is null).ShouldBe(kind == "none");
        (health.IsOpen, health.IsReadable, health.IsWritable, health.Fault).ShouldBe((true, true, true, null));
        await host.StopAsync().Soon();
    }

    [Fact]
    public async Task Host_NotADatabase_DoesNotStart()
    {
        await File.WriteAllTextAsync(_folder.File("x.db"), new string('x', 5000));
        using var host = Host(("Path", _folder.File("x.db")));

        (await Should.ThrowAsync<StoreException>(host.StartAsync().Soon())).Message.ShouldContain("OrleansCache:Store:Path");
    }

    private static StoreOptions Resolve(params (string Name, string Value)[] settings)
    {
        using var host = Host(settings);
        return host.Services.GetRequiredService<IOptions<StoreOptions>>().Value;
    }

    private static IHost Host(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"OrleansCache:Store:{s.Name}", (string?)s.Value))).Build();
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging();
        builder.Services.AddCompletionStore(configuration.GetSection("OrleansCache:Store"));
        return builder.Build();
    }
}
