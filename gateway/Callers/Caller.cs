namespace OrleansCache.Gateway.Callers;

/// <summary>Who asks.</summary>
/// <param name="Name">The API key's name; <c>anonymous</c> when there are none.</param>
/// <param name="Tenant">Who shares completions.</param>
internal sealed record Caller(string Name, string Tenant)
{
    /// <summary>Every caller while no API key is configured.</summary>
    public static Caller Anonymous { get; } = new("anonymous", "default");
}
