using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts.Flights;
using OrleansCache.Core.Prompts.Memory;

namespace OrleansCache.Core.Prompts;

/// <summary>Owners as objects of this process: the standalone's side of the seam.</summary>
/// <remarks>
/// Stopping waits for the flights in progress, so that what was paid for is stored, within the host's time to stop. The store, which
/// stops after the owners, sees to its own queue.
/// </remarks>
public sealed class InProcessPromptOwners : IPromptOwners, IHostedService
{
    private readonly ConcurrentDictionary<PromptKey, PromptOwner> _owners = new();
    private readonly ConcurrentDictionary<Flight, bool> _private = new();
    private readonly PromptServices _services;
    private readonly MemoryBudget _memory;
    private readonly Func<PromptKey, PromptOwner> _create;

    /// <summary>Creates the registry, empty.</summary>
    public InProcessPromptOwners(PromptServices services)
    {
        _services = services;
        _memory = new MemoryBudget(services.Options.MemoryBytes, services.Options.Eviction, static node => ((PromptOwner)node).Evict());
        _create = key => new PromptOwner(key, _services, _memory, Retire);
    }

    /// <inheritdoc/>
    public MemoryUse Memory => new(_memory.Count, _memory.Bytes, _memory.CapacityBytes, _memory.Evictions, _services.Flights, _owners.Count);

    /// <inheritdoc/>
    public Completion? TryGetFresh(in PromptKey key, CacheDirectives directives, long now) =>
        _owners.TryGetValue(key, out var owner) ? owner.TryGetFresh(directives, now) : null;

    /// <inheritdoc/>
    public async ValueTask<PromptAnswer> AskAsync(PromptRequest request, CancellationToken cancellationToken)
    {
        if (request.Directives.NoStore || _services.Freshness.Bypasses(request.Endpoint, request.Head)) return await BypassAsync(request, cancellationToken);
        while (true)
        {
            if (await OwnerOf(request.Key).AskAsync(request, cancellationToken) is { } answer) return answer;
        }
    }

    /// <inheritdoc/>
    public ValueTask<string?> PutAsync(PromptRequest request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        OwnerOf(request.Key).PutAsync(request, body, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<long> PurgeAsync(EntryFilter filter, CancellationToken cancellationToken)
    {
        // Before the store: a flight that lands while the store deletes batch by batch knows that it was purged.
        PurgeMemory(filter);
        try
        {
            return await _services.Store.PurgeAsync(filter, cancellationToken);
        }
        finally
        {
            // After the store: a load that began before cannot bring back what it read.
            _services.CountPurge();
            PurgeMemory(filter);
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // A flight may start another behind it, so this looks until there is none.
        while (Flights() is { Count: > 0 } flights)
        {
            try
            {
                await Task.WhenAll(flights.Select(flight => flight.Ended)).WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                var running = flights.Where(flight => !flight.Ended.IsCompleted).ToList();
                Log.FlightsGivenUp(_services.Logger, running.Count);
                foreach (var flight in running) flight.Cancel();
                await Task.WhenAll(running.Select(flight => flight.Ended));
            }
        }
    }

    private void PurgeMemory(EntryFilter filter)
    {
        if (filter.Key is not { } key)
        {
            foreach (var (_, owner) in _owners) owner.Purge(filter);
        }
        else if (_owners.TryGetValue(key, out var owner))
        {
            owner.Purge(filter);
        }
    }

    private PromptOwner OwnerOf(in PromptKey key) =>
        _owners.TryGetValue(key, out var owner) ? owner : _owners.GetOrAdd(key, _create);

    private void Retire(PromptOwner owner) => _owners.TryRemove(new KeyValuePair<PromptKey, PromptOwner>(owner.Key, owner));

    private async ValueTask<PromptAnswer> BypassAsync(PromptRequest request, CancellationToken cancellationToken)
    {
        if (request.Directives.OnlyIfCached) return new PromptAnswer { Source = CacheSource.Bypass, Refusal = Refusals.NotCached };
        var flight = new Flight(
            _services,
            request, new FlightPlan { Private = true }, (landed, outcome) => _private.TryRemove(landed, out var _));
        _private.TryAdd(flight, true);
        flight.Board();
        _ = flight.RunAsync();
        return await flight.WaitAsync(request.Head.Stream, leads: true, cancellationToken);
    }

    private List<Flight> Flights()
    {
        var flights = _private.Select(entry => entry.Key).ToList();
        foreach (var (_, owner) in _owners)
        {
            if (owner.CurrentFlight is { } flight) flights.Add(flight);
        }

        return flights;
    }
}
