using Microsoft.AspNetCore.Http;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Storage;
using OrleansCache.Gateway.Admin.Requests;
using OrleansCache.Gateway.Statistics;

namespace OrleansCache.Gateway.Admin.Stats;

/// <summary><c>GET /admin/stats</c></summary>
internal sealed class StatsEndpoint(RequestStatistics statistics, IPromptOwners owners, AdminStore store, TimeProvider clock)
{
    public async Task HandleAsync(HttpContext http)
    {
        AdminQuery.Check(http.Request);
        var stored = await ReadStoreAsync(http.RequestAborted);
        await AdminJson.WriteAsync(http, StatsDocument.Of(statistics.Read(), clock.GetUtcNow(), owners.Memory, stored));
    }

    private async Task<StoreSection> ReadStoreAsync(CancellationToken cancellationToken)
    {
        try
        {
            var read = await store.AskAsync(static (store, token) => store.GetStatisticsAsync(token), cancellationToken);
            return new StoreSection(true, null, read.Entries, read.Bytes, read.Models);
        }
        catch (StoreException e)
        {
            return new StoreSection(false, e.Message, null, null, null);
        }
    }
}
