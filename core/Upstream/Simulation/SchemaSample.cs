using System.Text.Json;

namespace OrleansCache.Core.Upstream.Simulation;

/// <summary>Makes up JSON that fits a JSON schema, as far as tests of applications need it: types, properties, items, enum, const, anyOf.</summary>
internal static class SchemaSample
{
    private const int MaxDepth = 16;

    public static string Create(JsonElement? schema, SimulatedRandom random) =>
        System.Text.Encoding.UTF8.GetString(UpstreamJson.Render(json =>
        {
            if (schema is { ValueKind: JsonValueKind.Object } given) Write(json, given, random, 0);
            else Fallback(json, random);
        }));

    private static void Write(Utf8JsonWriter json, JsonElement schema, SimulatedRandom random, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > MaxDepth) json.WriteNullValue();
        else if (schema.TryGetProperty("const", out var constant)) constant.WriteTo(json);
        else if (TryItems(schema, "enum", out var values)) values[random.Below(values.GetArrayLength())].WriteTo(json);
        else if (TryItems(schema, "anyOf", out var any) || TryItems(schema, "oneOf", out any)) Write(json, any[0], random, depth + 1);
        else WriteType(json, schema, random, depth);
    }

    private static void WriteType(Utf8JsonWriter json, JsonElement schema, SimulatedRandom random, int depth)
    {
        switch (TypeOf(schema))
        {
            case "object":
                json.WriteStartObject();
                if (schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
                {
                    foreach (var property in properties.EnumerateObject())
                    {
                        json.WritePropertyName(property.Name);
                        Write(json, property.Value, random, depth + 1);
                    }
                }

                json.WriteEndObject();
                break;
            case "array":
                json.WriteStartArray();
                if (schema.TryGetProperty("items", out var items)) Write(json, items, random, depth + 1);
                json.WriteEndArray();
                break;
            case "integer":
                json.WriteNumberValue(random.Below(100));
                break;
            case "number":
                json.WriteNumberValue(random.Below(1000) / 8.0);
                break;
            case "boolean":
                json.WriteBooleanValue(random.Below(2) == 0);
                break;
            case "null":
                json.WriteNullValue();
                break;
            default:
                json.WriteStringValue(random.Word());
                break;
        }
    }

    private static string? TypeOf(JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type)) return schema.TryGetProperty("properties", out _) ? "object" : null;
        if (type.ValueKind == JsonValueKind.Array && type.GetArrayLength() > 0) type = type[0];
        return type.ValueKind == JsonValueKind.String ? type.GetString() : null;
    }

    private static bool TryItems(JsonElement schema, string name, out JsonElement items) =>
        schema.TryGetProperty(name, out items) && items.ValueKind == JsonValueKind.Array && items.GetArrayLength() > 0;

    private static void Fallback(Utf8JsonWriter json, SimulatedRandom random)
    {
        json.WriteStartObject();
        json.WriteString("value", random.Word());
        json.WriteEndObject();
    }
}
