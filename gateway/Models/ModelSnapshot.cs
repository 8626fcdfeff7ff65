using System.Text.Json;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Gateway.Models;

/// <summary>The upstream's models at one time, or why there are none.</summary>
internal sealed class ModelSnapshot
{
    private readonly Dictionary<string, byte[]> _byId = new(StringComparer.Ordinal);

    public ModelSnapshot(Refusal refusal) => Refusal = refusal;

    private ModelSnapshot(byte[] body) => Body = body;

    /// <summary>The body of <c>GET /v1/models</c>.</summary>
    public byte[]? Body { get; }

    public Refusal? Refusal { get; }

    /// <summary>The body of <c>GET /v1/models/{id}</c>.</summary>
    public byte[]? Find(string id) => _byId.GetValueOrDefault(id);

    /// <exception cref="JsonException">Not a list of models.</exception>
    public static ModelSnapshot Parse(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        if (json.RootElement.ValueKind != JsonValueKind.Object
            || !json.RootElement.TryGetProperty("data", out var data)
            || data.ValueKind != JsonValueKind.Array)
            throw new JsonException("Not a list of models.");
        var list = new ModelSnapshot(body.ToArray());
        foreach (var model in data.EnumerateArray())
        {
            if (model.ValueKind == JsonValueKind.Object && model.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String)
                list._byId[id.GetString()!] = JsonSerializer.SerializeToUtf8Bytes(model);
        }

        return list;
    }
}
