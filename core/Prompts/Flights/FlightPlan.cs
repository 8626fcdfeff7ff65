namespace OrleansCache.Core.Prompts.Flights;

/// <summary>What a flight has to do.</summary>
internal sealed record FlightPlan
{
    /// <summary>A call of one caller that nobody may join: nothing is read or stored.</summary>
    public bool Private { get; init; }

    /// <summary>Whether the store may hold an answer that memory lacks.</summary>
    public bool ReadStore { get; init; }

    /// <summary>An older answer that may stand in when the upstream fails.</summary>
    public Completion? Older { get; init; }

    /// <summary>A cancelled flight of the same prompt that must be off the wire first.</summary>
    public Task After { get; init; } = Task.CompletedTask;
}
