using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OrleansCache.Core.Upstream.Simulation;

/// <summary>Answers of <c>/v1/embeddings</c>: unit vectors that depend on model, input and length alone, whatever else is in the batch.</summary>
internal static class EmbeddingWriter
{
    private const int MaxDimensions = 8192;

    public static byte[] Write(SimulatedCall call) => UpstreamJson.Render(json =>
    {
        var dimensions = Math.Clamp(call.ReadInt("dimensions") ?? DefaultDimensions(call.Model), 1, MaxDimensions);
        var base64 = call.Read("encoding_format", JsonValueKind.String)?.ValueEquals("base64"u8) == true;
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        var index = 0;
        foreach (var input in Inputs(call))
        {
            json.WriteStartObject();
            json.WriteString("object", "embedding");
            json.WriteNumber("index", index++);
            json.WritePropertyName("embedding");
            WriteVector(json, Vector(call.Model, input, dimensions), base64);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("model", call.Model);
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", call.PromptTokens);
        json.WriteNumber("total_tokens", call.PromptTokens);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static int DefaultDimensions(string model) => model.Contains("-large", StringComparison.Ordinal) ? 3072 : 1536;

    private static IEnumerable<string> Inputs(SimulatedCall call)
    {
        if (!call.Body.TryGetProperty("input", out var input)) return [""];
        if (input.ValueKind != JsonValueKind.Array) return [input.ToString()];
        var items = input.EnumerateArray().ToList();
        return items.Count > 0 && items[0].ValueKind == JsonValueKind.Number ? [input.ToString()] : items.Select(i => i.ToString());
    }

    private static float[] Vector(string model, string input, int dimensions)
    {
        var random = SimulatedRandom.From(SHA256.HashData(Encoding.UTF8.GetBytes($"{model}\n{dimensions}\n{input}")));
        var vector = new float[dimensions];
        var sum = 0.0;
        for (var i = 0; i < dimensions; i++)
        {
            var value = random.Fraction() * 2 - 1;
            vector[i] = (float)value;
            sum += value * value;
        }

        var scale = (float)(1 / Math.Sqrt(sum));
        for (var i = 0; i < dimensions; i++) vector[i] *= scale;
        return vector;
    }

    private static void WriteVector(Utf8JsonWriter json, float[] vector, bool base64)
    {
        if (base64)
        {
            json.WriteBase64StringValue(MemoryMarshal.AsBytes(vector.AsSpan()));
            return;
        }

        json.WriteStartArray();
        foreach (var value in vector) json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
