using Npgsql;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Core.Storage.Postgres;

/// <summary>Between rows and entries.</summary>
internal sealed class PostgresRows(bool keepRequests)
{
    // Scopes and models in use at one time; callers can invent scopes, so it is bounded.
    private readonly StringPool _texts = new(4096);

    public string Share(string text) => _texts.Intern(text);

    public StoredCompletion ReadEntry(NpgsqlDataReader row) =>
        new(new PromptKey(row.GetFieldValue<byte[]>(0)), ReadCompletion(row), row.GetFieldValue<byte[]>(12));

    public Completion ReadCompletion(NpgsqlDataReader row) => new()
    {
        Scope = Share(row.GetString(1)),
        Model = Share(row.GetString(2)),
        Endpoint = (PromptEndpoint)row.GetInt16(3),
        CreatedAt = row.GetInt64(4),
        FreshUntil = row.GetInt64(5),
        KeepUntil = row.GetInt64(6),
        Usage = new TokenUsage(row.GetInt32(7), row.GetInt32(8)),
        UpstreamMilliseconds = row.GetInt32(9),
        Tags = row.GetFieldValue<string[]>(10),
        Body = row.GetFieldValue<byte[]>(11),
    };

    public NpgsqlBatchCommand Put(StoredCompletion entry)
    {
        var completion = entry.Completion;
        var request = keepRequests ? entry.Request : default;
        return new NpgsqlBatchCommand(PostgresSql.Put)
        {
            Parameters =
            {
                new NpgsqlParameter<byte[]> { TypedValue = entry.Key.ToArray() },
                new NpgsqlParameter<string> { TypedValue = completion.Scope },
                new NpgsqlParameter<string> { TypedValue = completion.Model },
                new NpgsqlParameter<short> { TypedValue = (short)completion.Endpoint },
                new NpgsqlParameter<long> { TypedValue = completion.CreatedAt },
                new NpgsqlParameter<long> { TypedValue = completion.FreshUntil },
                new NpgsqlParameter<long> { TypedValue = completion.KeepUntil },
                new NpgsqlParameter<int> { TypedValue = completion.Usage.PromptTokens },
                new NpgsqlParameter<int> { TypedValue = completion.Usage.CompletionTokens },
                new NpgsqlParameter<int> { TypedValue = completion.UpstreamMilliseconds },
                new NpgsqlParameter<long> { TypedValue = (long)completion.Body.Length + request.Length },
                new NpgsqlParameter<string[]> { TypedValue = completion.Tags },
                new NpgsqlParameter<byte[]> { TypedValue = completion.Body },
                new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = request },
            },
        };
    }
}
