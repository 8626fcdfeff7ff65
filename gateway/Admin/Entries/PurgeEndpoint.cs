using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using OrleansCache.Core.Prompts;
using OrleansCache.Gateway.Admin.Access;
using OrleansCache.Gateway.Admin.Requests;

namespace OrleansCache.Gateway.Admin.Entries;

/// <summary><c>POST /admin/purge</c></summary>
internal sealed class PurgeEndpoint(PurgeLog purges, IOptions<AdminOptions> options)
{
    public async Task HandleAsync(HttpContext http)
    {
        AdminQuery.Check(http.Request);
        var filter = Read(await AdminBody.ReadAsync(http.Request, options.Value.MaxLineBytes));
        await AdminJson.WriteAsync(http, new { Purged = await purges.PurgeAsync(filter, http.RequestAborted) });
    }

    private static EntryFilter Read(ReadOnlyMemory<byte> body)
    {
        using var fields = AdminFields.Parse(body, "key", "scope", "tenant", "model", "tag", "all");
        var filter = AdminNames.Filter(
            AdminNames.Key(fields.Text("key")), fields.Text("scope"), fields.Text("tenant"), fields.Text("model"), fields.Text("tag"));
        var all = fields.Flag("all");
        var isEmpty = filter == new EntryFilter();
        if (isEmpty && !all)
            throw AdminException.BadRequest("This names nothing. Give key, scope, tenant, model or tag, or \"all\": true to purge everything.", "empty_filter");
        if (!isEmpty && all)
            throw AdminException.BadRequest("'all' purges everything and goes with no other field. Leave out one or the other.", "invalid_value", "all");
        return filter;
    }
}
