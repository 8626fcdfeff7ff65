using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Storage;
using OrleansCache.Core.Storage.Guard;
using OrleansCache.Core.Upstream;

namespace OrleansCache.Bench.Memory;

/// <summary>The standalone's owners without HTTP, store and upstream.</summary>
internal static class OwnersInProcess
{
    public static async Task<ServiceProvider> CreateAsync()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["OrleansCache:Store:Kind"] = "None",
            ["OrleansCache:Cache:MemoryBytes"] = "4294967296",
            ["OrleansCache:Cache:MemoEntries"] = "4194304",
            ["OrleansCache:Upstreams:0:Kind"] = "Simulated",
        }).Build();
        var root = configuration.GetSection("OrleansCache");
        var services = new ServiceCollection()
            .AddLogging()
            .AddPromptKeys(root.GetSection("Cache"))
            .AddUpstreams(configuration)
            .AddCompletionStore(root.GetSection("Store"))
            .AddInProcessPromptOwners(root.GetSection("Cache"))
            .BuildServiceProvider();
        await services.GetRequiredService<GuardedStore>().OpenAsync(CancellationToken.None);
        return services;
    }
}
