using OrleansCache.Core.Prompts;

namespace OrleansCache.Core.Storage.Sqlite;

/// <summary>Every statement that the store runs, so that the tests can ask for their plans.</summary>
internal static class SqliteSql
{
    private const string Row =
        "key, scope, model, endpoint, created_at, fresh_until, keep_until, prompt_tokens, completion_tokens, upstream_ms, tags, body";

    public const string Get = $"SELECT {Row} FROM completions WHERE key = @key";

    public const string Find = $"SELECT {Row}, request FROM completions WHERE key = @key";

    public const string FindById = $"SELECT {Row}, request FROM completions WHERE id = @id";

    public const string Put =
        """
        INSERT INTO completions (key, scope, model, endpoint, created_at, fresh_until, keep_until,
          prompt_tokens, completion_tokens, upstream_ms, size, tags, body, request)
        VALUES (@key, @scope, @model, @endpoint, @created_at, @fresh_until, @keep_until,
          @prompt_tokens, @completion_tokens, @upstream_ms, @size, @tags, @body, @request)
        ON CONFLICT (key) DO UPDATE SET scope = excluded.scope, model = excluded.model, endpoint = excluded.endpoint,
          created_at = excluded.created_at, fresh_until = excluded.fresh_until, keep_until = excluded.keep_until,
          prompt_tokens = excluded.prompt_tokens, completion_tokens = excluded.completion_tokens,
          upstream_ms = excluded.upstream_ms, size = excluded.size, tags = excluded.tags, body = excluded.body,
          request = excluded.request
        """;

    public const string DeleteById = "DELETE FROM completions WHERE id = @id";

    public const string DeleteByKey = "DELETE FROM completions WHERE key = @key";

    public const string Sweep =
        "DELETE FROM completions WHERE id IN (SELECT id FROM completions WHERE keep_until <= @now ORDER BY keep_until LIMIT @batch)";

    public const string Recent =
        """
        SELECT id FROM completions WHERE scope = @scope AND endpoint = @endpoint AND keep_until > @now
        ORDER BY created_at DESC, id DESC LIMIT @limit
        """;

    public const string Statistics = "SELECT scope, model, entries, bytes FROM totals";

    /// <summary>Selects the ids that a filter names. The tenant is a range, not a pattern: no character of it is special.</summary>
    public static (string Sql, List<(string Name, object Value)> Parameters) Ids(EntryFilter filter, bool inKeyOrder)
    {
        var conditions = new List<string>();
        var parameters = new List<(string, object)>();
        Add(filter.Key?.ToArray(), "key = @key", "@key");
        Add(filter.Scope, "scope = @scope", "@scope");
        Add(filter.Model, "model = @model", "@model");
        Add(filter.Tag, "id IN (SELECT id FROM completion_tags WHERE tag = @tag)", "@tag");
        if (filter.Tenant is { } tenant)
        {
            conditions.Add("(scope = @tenant OR (scope >= @inner AND scope < @after))");
            parameters.AddRange([("@tenant", tenant), ("@inner", tenant + "/"), ("@after", tenant + "0")]);
        }

        var where = conditions.Count == 0 ? "" : " WHERE " + string.Join(" AND ", conditions);
        return ($"SELECT id FROM completions{where}{(inKeyOrder ? " ORDER BY key" : "")}", parameters);

        void Add(object? value, string condition, string name)
        {
            if (value is null) return;
            conditions.Add(condition);
            parameters.Add((name, value));
        }
    }
}
