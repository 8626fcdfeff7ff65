using System.Text.Json;

namespace OrleansCache.Core.Upstream;

/// <summary>Chooses the upstream of a model: the first in the order of configuration whose patterns match.</summary>
internal sealed class UpstreamRouter(IReadOnlyList<UpstreamRoute> routes) : IUpstream, IDisposable
{
    public Task<UpstreamAnswer> CallAsync(UpstreamRequest request, CancellationToken cancellationToken)
    {
        foreach (var route in routes)
        {
            if (ModelPattern.MatchesAny(route.Models, request.Model)) return route.Upstream.CallAsync(request, cancellationToken);
        }

        return Task.FromException<UpstreamAnswer>(NotConfigured());
    }

    /// <summary>The models of all upstreams, each once. An upstream that fails is left out as long as another answers.</summary>
    public async Task<UpstreamAnswer> ListModelsAsync(CancellationToken cancellationToken)
    {
        if (routes.Count == 1) return await routes[0].Upstream.ListModelsAsync(cancellationToken);
        var answers = await Task.WhenAll(routes.Select(r => TryListAsync(r.Upstream, cancellationToken)));
        var good = answers.Where(a => a.Answer is { Status: 200 }).Select(a => a.Answer!).ToList();
        if (good.Count > 0) return Merge(good);
        return answers.Select(a => a.Answer).FirstOrDefault(a => a is not null) ?? throw answers.FirstOrDefault().Fault ?? NotConfigured();
    }

    public void Dispose()
    {
        foreach (var route in routes) (route.Upstream as IDisposable)?.Dispose();
    }

    private static UpstreamException NotConfigured() => new(
        UpstreamFault.NotConfigured, "No upstream serves this model. Add it to OrleansCache:Upstreams:<n>:Models, or ask for one that GET /v1/models lists.");

    private static async Task<(UpstreamAnswer? Answer, UpstreamException? Fault)> TryListAsync(IUpstream upstream, CancellationToken cancellationToken)
    {
        try
        {
            return (await upstream.ListModelsAsync(cancellationToken), null);
        }
        catch (UpstreamException e)
        {
            return (null, e);
        }
    }

    private static UpstreamAnswer Merge(List<UpstreamAnswer> answers)
    {
        HashSet<string> seen = [];
        var body = UpstreamJson.Render(json =>
        {
            json.WriteStartObject();
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            foreach (var answer in answers) WriteNew(json, answer, seen);
            json.WriteEndArray();
            json.WriteEndObject();
        });
        return new UpstreamAnswer(200, body, UpstreamJson.ContentType);
    }

    private static void WriteNew(Utf8JsonWriter json, UpstreamAnswer answer, HashSet<string> seen)
    {
        using var document = UpstreamJson.TryParse(answer.Body);
        if (document?.RootElement is not { ValueKind: JsonValueKind.Object } root) return;
        if (!root.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Array) return;
        foreach (var model in data.EnumerateArray())
        {
            if (model.ValueKind == JsonValueKind.Object && model.TryGetProperty("id", out var id) && seen.Add(id.ToString())) model.WriteTo(json);
        }
    }
}

/// <summary>An upstream and the models it serves.</summary>
internal sealed record UpstreamRoute(string Name, List<string> Models, IUpstream Upstream);
