namespace OrleansCache.Core.Prompts.Answers;

/// <summary>What the storage gate says of an answer.</summary>
/// <param name="Reason">Null when it may be stored, else one of <see cref="GateReasons"/>.</param>
/// <param name="Usage">
/// Tokens that the body reports, stored or not: they were paid for. Zero for refused requests and where it reports none; what is
/// negative or does not fit is brought to the nearest bound.
/// </param>
public readonly record struct GateVerdict(string? Reason, TokenUsage Usage)
{
    /// <summary>Whether it may be stored.</summary>
    public bool Stores => Reason is null;
}
