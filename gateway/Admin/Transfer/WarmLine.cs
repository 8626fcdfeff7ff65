using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;
using OrleansCache.Gateway.Admin.Access;
using OrleansCache.Gateway.Admin.Requests;

namespace OrleansCache.Gateway.Admin.Transfer;

/// <summary>One line of an upload to warm, read: written by hand or by <c>/admin/export</c>.</summary>
internal sealed record WarmLine(PromptRequest Request, byte[]? Response, DateTimeOffset? FreshUntil)
{
    private const long MostSeconds = 315_360_000;

    private static readonly string[] Known =
    [
        "endpoint", "tenant", "scope", "request", "response", "ttl", "tags",
        "key", "model", "created", "fresh_until", "usage", "line_breaks",
    ];

    /// <exception cref="AdminException">The line cannot be used.</exception>
    /// <exception cref="InvalidPromptException">Its request cannot be used.</exception>
    public static WarmLine Parse(byte[] line, PromptReader reader)
    {
        using var fields = AdminFields.Parse(line, Known);
        var endpoint = AdminNames.Endpoint(fields.Text("endpoint"));
        var scope = AdminNames.Scope(fields.Text("tenant"), fields.Text("scope"));
        var tabs = ReadTabs(fields);
        var request = Body(fields, "request", tabs);
        var response = Body(fields, "response", tabs);
        var prompt = request is null ? KnownByKey(fields, response) : reader.Read(endpoint, scope, request);
        var ttl = fields.Number("ttl", 1, MostSeconds);
        return new WarmLine(
            new PromptRequest
            {
                Key = prompt.Key,
                Scope = scope,
                Endpoint = endpoint,
                Head = prompt.Head,
                Body = request,
                Directives = ttl is { } seconds ? new CacheDirectives { Ttl = TimeSpan.FromSeconds(seconds) } : CacheDirectives.None,
                Tags = fields.Texts("tags", AdminNames.MaxTags, AdminNames.IsTag, AdminNames.TagRule),
            },
            response,
            ttl is null ? fields.Time("fresh_until") : null);
    }

    /// <summary>An export of a cache that keeps no requests: the key says what was asked.</summary>
    private static KeyedPrompt KnownByKey(AdminFields fields, byte[]? response)
    {
        if (AdminNames.Key(fields.Text("key")) is { } key && fields.Text("model") is { } model && response is not null)
            return new KeyedPrompt(key, new PromptHead(model, Stream: false, IncludeUsage: false, Temperature: null));
        throw AdminException.BadRequest("'request' is missing. Without it a line needs 'key', 'model' and 'response'.", "missing_field", "request");
    }

    private static bool ReadTabs(AdminFields fields) => fields.Text("line_breaks") switch
    {
        null => false,
        LineBreaks.Tabs => true,
        _ => throw AdminFields.Wrong("line_breaks", $"\"{LineBreaks.Tabs}\""),
    };

    private static byte[]? Body(AdminFields fields, string name, bool tabs)
    {
        var body = fields.RawObject(name, withSpace: tabs);
        return body is null || !tabs ? body
            : LineBreaks.FromTabs(body) ?? throw AdminFields.Wrong(name, "written with line_breaks \"tabs\", as /admin/export does");
    }
}
