using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Storage;
using OrleansCache.Gateway.Admin.Requests;

namespace OrleansCache.Gateway.Admin.Transfer;

/// <summary><c>GET /admin/export</c></summary>
internal sealed class ExportEndpoint(ICompletionStore store, ILogger<ExportEndpoint> logger)
{
    private const int FlushBytes = 64 << 10;

    public async Task HandleAsync(HttpContext http)
    {
        var request = http.Request;
        AdminQuery.Check(request, "key", "scope", "tenant", "model", "tag");
        var filter = AdminNames.Filter(
            AdminNames.Key(AdminQuery.Text(request, "key")),
            AdminQuery.Text(request, "scope"),
            AdminQuery.Text(request, "tenant"),
            AdminQuery.Text(request, "model"),
            AdminQuery.Text(request, "tag"));

        await using var entries = store.ExportAsync(filter, http.RequestAborted).GetAsyncEnumerator(http.RequestAborted);
        var any = await entries.MoveNextAsync();
        http.Response.ContentType = "application/x-ndjson";
        await http.Response.StartAsync(http.RequestAborted);
        if (any) await WriteAsync(http, entries);
    }

    /// <summary>A fault on the way cuts the connection, so that nobody takes what came for everything.</summary>
    private async Task WriteAsync(HttpContext http, IAsyncEnumerator<StoredCompletion> entries)
    {
        var output = http.Response.BodyWriter;
        long count = 0;
        try
        {
            do
            {
                ExportLine.Write(output, entries.Current);
                count++;
                if (output.UnflushedBytes >= FlushBytes) await output.FlushAsync(http.RequestAborted);
            }
            while (await entries.MoveNextAsync());
            await output.FlushAsync(http.RequestAborted);
        }
        catch (StoreException e)
        {
            AdminLog.ExportBroke(logger, count, e.Message);
            http.Abort();
        }
    }
}
