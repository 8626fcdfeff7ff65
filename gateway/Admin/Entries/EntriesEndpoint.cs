using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Storage;
using OrleansCache.Gateway.Admin.Access;
using OrleansCache.Gateway.Admin.Requests;

namespace OrleansCache.Gateway.Admin.Entries;

/// <summary><c>GET</c> and <c>DELETE /admin/entries/{key}</c></summary>
internal sealed class EntriesEndpoint(IPromptOwners owners, AdminStore store, PurgeLog purges, TimeProvider clock)
{
    public async Task LookAsync(HttpContext http)
    {
        AdminQuery.Check(http.Request, "body");
        var withBody = AdminQuery.Flag(http.Request, "body");
        var key = KeyOf(http);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var inMemory = owners.TryGetFresh(key, CacheDirectives.None, now);
        var stored = await FindAsync(key, inMemory is not null, http.RequestAborted);
        if ((stored?.Completion ?? inMemory) is not { } completion) throw NotFound();
        await AdminJson.WriteAsync(
            http, EntryDocument.Of(key, completion, stored?.Request ?? default, now, inMemory is not null, stored is not null, withBody));
    }

    public async Task DeleteAsync(HttpContext http)
    {
        AdminQuery.Check(http.Request);
        var key = KeyOf(http);
        var held = owners.TryGetFresh(key, CacheDirectives.None, clock.GetUtcNow().ToUnixTimeMilliseconds()) is not null;
        var purged = await purges.PurgeAsync(new EntryFilter { Key = key }, http.RequestAborted);
        if (purged == 0 && !held) throw NotFound();
        await AdminJson.WriteAsync(http, new { Key = key.ToString(), Deleted = true });
    }

    /// <summary>With the store down, an entry in memory can still be looked at.</summary>
    private async Task<StoredCompletion?> FindAsync(PromptKey key, bool inMemory, CancellationToken cancellationToken)
    {
        try
        {
            return await store.AskAsync((store, token) => store.FindAsync(key, token).AsTask(), cancellationToken);
        }
        catch (StoreException) when (inMemory)
        {
            return null;
        }
    }

    private static PromptKey KeyOf(HttpContext http) => AdminNames.Key((string)http.GetRouteValue("key")!)!.Value;

    private static AdminException NotFound() => AdminException.NotFound(
        "There is no entry with this key, in memory or store. Take the key from an answer's x-cache-key.", "entry_not_found");
}
