using Npgsql;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Core.Storage.Postgres;

/// <summary>Every statement that the store runs.</summary>
internal static class PostgresSql
{
    private const string Row =
        "key, scope, model, endpoint, created_at, fresh_until, keep_until, prompt_tokens, completion_tokens, upstream_ms, tags, body";

    public const string Get = $"SELECT {Row} FROM completions WHERE key = $1 AND keep_until > $2";

    public const string Find = $"SELECT {Row}, request FROM completions WHERE key = $1 AND keep_until > $2";

    public const string FindMany = $"SELECT {Row}, request FROM completions WHERE key = ANY($1) ORDER BY key";

    public const string Put =
        """
        INSERT INTO completions (key, scope, model, endpoint, created_at, fresh_until, keep_until,
          prompt_tokens, completion_tokens, upstream_ms, size, tags, body, request)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        ON CONFLICT (key) DO UPDATE SET scope = excluded.scope, model = excluded.model, endpoint = excluded.endpoint,
          created_at = excluded.created_at, fresh_until = excluded.fresh_until, keep_until = excluded.keep_until,
          prompt_tokens = excluded.prompt_tokens, completion_tokens = excluded.completion_tokens,
          upstream_ms = excluded.upstream_ms, size = excluded.size, tags = excluded.tags, body = excluded.body,
          request = excluded.request
        """;

    /// <summary>Rows are locked in key order, as the writers lock them: no two statements can wait for each other.</summary>
    public const string Delete =
        "DELETE FROM completions WHERE key IN (SELECT key FROM completions WHERE key = ANY($1) ORDER BY key FOR UPDATE)";

    /// <summary>Rows that another silo is deleting are passed over.</summary>
    public const string Sweep =
        """
        DELETE FROM completions WHERE key = ANY (ARRAY(
          SELECT key FROM completions WHERE keep_until <= $1 ORDER BY keep_until LIMIT $2 FOR UPDATE SKIP LOCKED))
        """;

    public const string Recent =
        $"""
        SELECT {Row}, request FROM completions WHERE scope = $1 AND endpoint = $2 AND keep_until > $3
        ORDER BY created_at DESC LIMIT $4
        """;

    public const string Statistics =
        """
        SELECT scope, model, sum(entries)::bigint, sum(bytes)::bigint FROM completion_totals
        GROUP BY scope, model HAVING sum(entries) <> 0 ORDER BY scope, model
        """;

    /// <summary>
    /// Folds the differences of each scope and model into one row; one silo at a time, never waiting. Any number will do for the lock.
    /// </summary>
    public const string FoldTotals =
        """
        WITH mine AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(5716354128375722051) AS locked),
        gone AS (DELETE FROM completion_totals WHERE (SELECT locked FROM mine) RETURNING scope, model, entries, bytes)
        INSERT INTO completion_totals SELECT scope, model, sum(entries), sum(bytes) FROM gone
        GROUP BY scope, model HAVING sum(entries) <> 0 OR sum(bytes) <> 0
        """;

    /// <summary>Selects the keys that a filter names.</summary>
    public static (string Sql, List<NpgsqlParameter> Parameters) Keys(EntryFilter filter)
    {
        var conditions = new List<string>();
        var parameters = new List<NpgsqlParameter>();
        if (filter.Key is { } key) conditions.Add($"key = {Next(key.ToArray())}");
        if (filter.Scope is { } scope) conditions.Add($"scope = {Next(scope)}");
        if (filter.Model is { } model) conditions.Add($"model = {Next(model)}");
        if (filter.Tag is { } tag) conditions.Add($"tags @> ARRAY[{Next(tag)}] AND tags <> '{{}}'");
        if (filter.Tenant is { } tenant)
            conditions.Add($"(scope = {Next(tenant)} OR (scope >= {Next(tenant + "/")} AND scope < {Next(tenant + "0")}))");
        var where = conditions.Count == 0 ? "" : " WHERE " + string.Join(" AND ", conditions);
        return ($"SELECT key FROM completions{where} ORDER BY key", parameters);

        string Next<T>(T value)
        {
            parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
            return $"${parameters.Count}";
        }
    }
}
