using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts.Flights;
using OrleansCache.Core.Prompts.Memory;

namespace OrleansCache.Core.Prompts;

/// <summary>Owners as objects of this process: the standalone's side of the seam.</summary>
/// <remarks>
/// Stopping waits for the flights in progress, so that what was paid for is stored, and then for the store's queue; both within the
/// host's time to stop.
/// </remarks>
public sealed class InProcessPromptOwners : IPromptOwners, IHostedService
{
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(5);

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
    public MemoryUse Memory => new(_memory.Count, _memory.Bytes, _memory.CapacityBytes, _memory.Evictions, Flights().Count);

    /// <inheritdoc/>
    public Completion? TryGetFresh(in PromptKey key, CacheDirectives directives, long now) =>
        _owners.TryGetValue(key, out var owner) ? owner.TryGetFresh(directives, now) : null;

    /// <inheritdoc/>
    public async ValueTask<PromptAnswer> AskAsync(PromptRequest request, CancellationToken cancellationToken)
    {
        if (request.Directives.NoStore || _services.Freshness.Bypasses(request.Head)) return await BypassAsync(request, cancellationToken);
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
        try
        {
            return await _services.Store.PurgeAsync(filter, cancellationToken);
        }
        finally
        {
            // After the store, so that a load that began before it is gone cannot bring back what it read.
            _services.CountPurge();
            foreach (var (_, owner) in _owners) owner.Purge(filter);
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var flights = Flights();
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

        using var flushTime = new CancellationTokenSource(FlushTime, _services.Clock);
        var unwritten = await _services.Store.FlushAsync(flushTime.Token);
        if (unwritten > 0) Log.EntriesUnwritten(_services.Logger, unwritten);
    }

    private PromptOwner OwnerOf(in PromptKey key) =>
        _owners.TryGetValue(key, out var owner) ? owner : _owners.GetOrAdd(key, _create);

    private void Retire(PromptOwner owner) => _owners.TryRemove(new KeyValuePair<PromptKey, PromptOwner>(owner.Key, owner));

    private async ValueTask<PromptAnswer> BypassAsync(PromptRequest request, CancellationToken cancellationToken)
    {
        if (request.Directives.OnlyIfCached) return new PromptAnswer { Source = CacheSource.Bypass, Refusal = Refusals.NotCached };
        var flight = new Flight(
            _services,
            request with { Body = request.Body.ToArray() },
            new FlightPlan { Private = true },
            (landed, outcome) => _private.TryRemove(landed, out var _));
        _private.TryAdd(flight, true);
        flight.Board();
        _ = flight.RunAsync();
        return await flight.WaitAsync(request.Head.Stream, leads: true, cancellationToken);
    }

    private List<Flight> Flights() => [.. _owners.Values.Select(owner => owner.CurrentFlight).OfType<Flight>(), .. _private.Keys];
}
