using Microsoft.AspNetCore.Http;
using OrleansCache.Core.Prompts;
using OrleansCache.Gateway.Callers;
using OrleansCache.Gateway.Errors;

namespace OrleansCache.Gateway.Requests;

/// <summary>The boundary inside which the answer is shared: the caller's tenant, or <c>x-cache-scope</c> inside it.</summary>
internal static class ScopeReader
{
    public const string Header = "x-cache-scope";

    private static readonly Refusal Malformed = Refusals.BadHeader(
        Header, $"The x-cache-scope header is malformed. Write it as {Names.Rule}.");

    public static bool TryRead(IHeaderDictionary headers, Caller caller, out string scope, out Refusal? refusal)
    {
        scope = caller.Tenant;
        refusal = null;
        if (!headers.TryGetValue(Header, out var value)) return true;
        if (value.Count == 1 && Names.IsValid(value[0]))
        {
            scope = string.Concat(caller.Tenant, "/", value[0]);
            return true;
        }

        refusal = Malformed;
        return false;
    }
}
