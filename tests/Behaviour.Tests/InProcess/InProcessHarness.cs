using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Behaviour.Tests.InProcess;

/// <summary>The standalone's owners.</summary>
public sealed class InProcessHarness : OwnerHarness
{
    private readonly ServiceProvider _provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly CacheOptions _options;
    private InProcessPromptOwners _owners;

    public InProcessHarness(CacheOptions options)
    {
        _options = options;
        _owners = Start();
    }

    public override IPromptOwners Owners => _owners;

    public override Task RestartAsync()
    {
        _owners = Start();
        return Task.CompletedTask;
    }

    public override Task StopAsync(CancellationToken timeToStop) => _owners.StopAsync(timeToStop);

    public override ValueTask DisposeAsync() => _provider.DisposeAsync();

    private InProcessPromptOwners Start() => new(new PromptServices(
        Upstream, Store, Options.Create(_options), Clock, new PromptMetrics(_provider.GetRequiredService<IMeterFactory>())));
}

public sealed class InProcessFactory : IOwnerHarnessFactory
{
    public OwnerHarness Create(CacheOptions options) => new InProcessHarness(options);
}

public sealed class InProcessFreshness : FreshnessBehaviour<InProcessFactory>;

public sealed class InProcessStale : StaleBehaviour<InProcessFactory>;

public sealed class InProcessFlights : FlightBehaviour<InProcessFactory>;

public sealed class InProcessFailures : FailureBehaviour<InProcessFactory>;

public sealed class InProcessMemory : MemoryBehaviour<InProcessFactory>;

public sealed class InProcessStoreWrites : StoreWritesBehaviour<InProcessFactory>;
