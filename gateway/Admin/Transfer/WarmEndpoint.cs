using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCache.Gateway.Admin.Requests;

namespace OrleansCache.Gateway.Admin.Transfer;

/// <summary><c>POST /admin/warm</c></summary>
internal sealed class WarmEndpoint(Warmer warmer, IOptions<AdminOptions> options, ILogger<WarmEndpoint> logger)
{
    private const int DefaultConcurrency = 8;
    private const int MaxConcurrency = 64;

    public async Task HandleAsync(HttpContext http)
    {
        AdminQuery.Check(http.Request, "concurrency", "overwrite");
        AdminBody.CheckEncoding(http.Request);
        var overwrite = AdminQuery.Flag(http.Request, "overwrite");
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = AdminQuery.Number(http.Request, "concurrency", 1, MaxConcurrency, DefaultConcurrency),
            CancellationToken = http.RequestAborted,
        };
        // The upload is as long as it likes: it is held one line at a time.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } bound) bound.MaxRequestBodySize = null;

        var tally = new WarmTally();
        var lines = LineReader.ReadAsync(http.Request.Body, options.Value.MaxLineBytes, http.RequestAborted);
        await Parallel.ForEachAsync(lines, parallel, (line, token) => warmer.WarmAsync(line, overwrite, tally, token));
        var report = tally.Report();
        AdminLog.Warmed(logger, report.Lines, report.Lines - report.Failed - report.Expired, report.Failed);
        await AdminJson.WriteAsync(http, report);
    }
}
