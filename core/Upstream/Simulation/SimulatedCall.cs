using System.Text.Json;
using OrleansCache.Core.Keys;

namespace OrleansCache.Core.Upstream.Simulation;

/// <summary>One call of the simulation, as its parts see it.</summary>
/// <param name="Endpoint">Which endpoint.</param>
/// <param name="Body">The request.</param>
/// <param name="Model">The model as asked for.</param>
/// <param name="Script">What the request asks of the simulation.</param>
/// <param name="Seed">Identity of the request; every random choice follows from it.</param>
/// <param name="PromptTokens">A quarter of the request's bytes.</param>
/// <param name="Id">Without the endpoint's prefix.</param>
internal sealed record SimulatedCall(
    PromptEndpoint Endpoint, JsonElement Body, string Model, SimulatedScript Script, byte[] Seed, int PromptTokens, string Id)
{
    private const int DefaultMinTokens = 12;
    private const int DefaultTokenRange = 36;
    private const int MaxChoices = 128;

    /// <summary>The same for equal prompts, so that plain and streamed answers can be compared.</summary>
    public long Created => 1_750_000_000 + BitConverter.ToUInt16(Seed, 8);

    public int Choices => Math.Clamp(ReadInt("n") ?? 1, 1, MaxChoices);

    /// <summary>Whether the request's own limit cut the answer.</summary>
    public int CountTokens(SimulatedRandom random, out bool cut)
    {
        var wanted = Script.Tokens ?? DefaultMinTokens + random.Below(DefaultTokenRange);
        var limit = ReadInt("max_completion_tokens") ?? ReadInt("max_tokens") ?? int.MaxValue;
        cut = limit < wanted;
        return Math.Max(1, Math.Min(wanted, limit));
    }

    public int? ReadInt(string name) =>
        Body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    public bool ReadBool(string name) => Body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    public JsonElement? Read(string name, JsonValueKind kind) =>
        Body.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;
}
