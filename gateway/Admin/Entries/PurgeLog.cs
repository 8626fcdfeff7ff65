using Microsoft.Extensions.Logging;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Gateway.Admin.Entries;

/// <summary>Purges, and remembers the last ones of this process, so that a miss can be explained by them.</summary>
internal sealed class PurgeLog(IPromptOwners owners, TimeProvider clock, ILogger<PurgeLog> logger)
{
    private const int Remembered = 100;

    private readonly Lock _gate = new();
    private readonly Queue<(DateTimeOffset At, EntryFilter Filter)> _purges = new();

    public async ValueTask<long> PurgeAsync(EntryFilter filter, CancellationToken cancellationToken)
    {
        Remember(filter);
        var count = await owners.PurgeAsync(filter, cancellationToken);
        AdminLog.Purged(logger, count, DimensionsOf(filter));
        return count;
    }

    /// <summary>When a purge last named prompts like this one; null when none did. Tags of what is gone are not known: by tag is no match.</summary>
    public DateTimeOffset? LastOf(PromptRequest request)
    {
        lock (_gate)
        {
            foreach (var (at, filter) in _purges.Reverse())
            {
                if (filter.Matches(request.Key, request.Scope, request.Head.Model, request.Tags)) return at;
            }
        }

        return null;
    }

    private void Remember(EntryFilter filter)
    {
        lock (_gate)
        {
            _purges.Enqueue((clock.GetUtcNow(), filter));
            if (_purges.Count > Remembered) _purges.Dequeue();
        }
    }

    private static string DimensionsOf(EntryFilter filter)
    {
        string?[] dimensions =
        [
            filter.Key is null ? null : "key",
            filter.Scope is null ? null : "scope",
            filter.Tenant is null ? null : "tenant",
            filter.Model is null ? null : "model",
            filter.Tag is null ? null : "tag",
        ];
        return string.Join(", ", dimensions.OfType<string>().DefaultIfEmpty("all"));
    }
}
