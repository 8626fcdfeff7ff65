using System.Text;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Upstream;

namespace OrleansCache.Testing;

/// <summary>An upstream in memory whose answers the test controls.</summary>
public sealed class ScriptedUpstream : IUpstream
{
    private readonly List<UpstreamRequest> _requests = [];
    private readonly Lock _gate = new();
    private int _calls;

    public ScriptedUpstream(Func<UpstreamRequest, CancellationToken, Task<UpstreamAnswer>>? handler = null) =>
        Handler = handler ?? ((_, _) => Task.FromResult(Json("""{"id":"1","choices":[]}""")));

    public Func<UpstreamRequest, CancellationToken, Task<UpstreamAnswer>> Handler { get; set; }

    public Func<CancellationToken, Task<UpstreamAnswer>> ModelsHandler { get; set; } =
        _ => Task.FromResult(Json("""{"object":"list","data":[]}"""));

    /// <summary>How often the upstream was called; counted before the handler runs.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Every request so far, with its body copied.</summary>
    public IReadOnlyList<UpstreamRequest> Requests
    {
        get
        {
            lock (_gate) return [.. _requests];
        }
    }

    public static UpstreamAnswer Json(string body, int status = 200, params (string Name, string Value)[] headers) =>
        new(status, Encoding.UTF8.GetBytes(body), "application/json", [.. headers.Select(h => KeyValuePair.Create(h.Name, h.Value))]);

    public Task<UpstreamAnswer> CallAsync(UpstreamRequest request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        lock (_gate) _requests.Add(request with { Body = request.Body.ToArray() });
        return Handler(request, cancellationToken);
    }

    public Task<UpstreamAnswer> ListModelsAsync(CancellationToken cancellationToken) => ModelsHandler(cancellationToken);

    /// <summary>A request as an owner would make it.</summary>
    public static UpstreamRequest Request(string body, PromptEndpoint endpoint = PromptEndpoint.ChatCompletions, bool stream = false, string model = "m") =>
        new(endpoint, model, stream, Encoding.UTF8.GetBytes(body));
}
