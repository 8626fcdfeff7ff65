using System.Text.Json;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;
using OrleansCache.Gateway.Admin.Requests;
using OrleansCache.Gateway.Requests;

namespace OrleansCache.Gateway.Admin.Entries;

/// <summary>The answer of <c>GET /admin/entries/{key}</c>. Request and response stand in it as JSON, when they were asked for and are kept.</summary>
internal sealed record EntryDocument(
    string Key,
    string Endpoint,
    string Scope,
    string Model,
    string[] Tags,
    string Created,
    string FreshUntil,
    string KeepUntil,
    bool Fresh,
    double AgeSeconds,
    double TtlSeconds,
    UsageSection Usage,
    int UpstreamMilliseconds,
    int ResponseBytes,
    int RequestBytes,
    bool InMemory,
    bool InStore,
    JsonElement? Request,
    JsonElement? Response)
{
    public static EntryDocument Of(
        PromptKey key, Completion completion, ReadOnlyMemory<byte> request, long now, bool inMemory, bool inStore, bool withBody) => new(
        key.ToString(),
        EndpointNames.Path(completion.Endpoint),
        completion.Scope,
        completion.Model,
        completion.Tags,
        AdminJson.Time(completion.CreatedAt),
        AdminJson.Time(completion.FreshUntil),
        AdminJson.Time(completion.KeepUntil),
        now < completion.FreshUntil,
        (now - completion.CreatedAt) / 1000.0,
        Math.Max(0, completion.FreshUntil - now) / 1000.0,
        new UsageSection(completion.Usage.PromptTokens, completion.Usage.CompletionTokens),
        completion.UpstreamMilliseconds,
        completion.Body.Length,
        request.Length,
        inMemory,
        inStore,
        withBody ? Parse(request) : null,
        withBody ? Parse(completion.Body) : null);

    private static JsonElement? Parse(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty) return null;
        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = 600 });
        return JsonElement.ParseValue(ref reader);
    }
}

internal sealed record UsageSection(int PromptTokens, int CompletionTokens);
