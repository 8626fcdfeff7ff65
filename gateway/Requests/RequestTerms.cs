using Microsoft.AspNetCore.Http;
using OrleansCache.Core.Prompts;
using OrleansCache.Gateway.Callers;

namespace OrleansCache.Gateway.Requests;

/// <summary>What the headers of a data request say.</summary>
/// <param name="Caller">Who asks; null when that is refused.</param>
/// <param name="Scope">The boundary inside which the answer is shared.</param>
/// <param name="Directives">What is asked of the cache.</param>
/// <param name="Tags">Labels to store with the answer.</param>
internal readonly record struct RequestTerms(Caller? Caller, string Scope, CacheDirectives Directives, string[] Tags);

/// <summary>Reads the headers; the body of a request that is refused by them is never read.</summary>
internal sealed class RequestTermsReader(CallerFinder callers)
{
    public RequestTerms Read(HttpRequest request, out Refusal? refusal)
    {
        var scope = "";
        var directives = CacheDirectives.None;
        string[] tags = [];
        if (callers.TryFind(request, out var caller, out refusal)
            && (refusal = BodyKind.Check(request)) is null
            && DirectiveReader.TryRead(request.Headers, out directives, out refusal)
            && ScopeReader.TryRead(request.Headers, caller, out scope, out refusal))
        {
            _ = TagReader.TryRead(request.Headers, out tags, out refusal);
        }

        return new RequestTerms(caller, scope, directives, tags);
    }
}
