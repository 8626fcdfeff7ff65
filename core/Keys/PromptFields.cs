using Kind = OrleansCache.Core.Keys.JsonKinds;

namespace OrleansCache.Core.Keys;

/// <summary>
/// The table of known fields: which kinds each may have, and which do not count in the key and why. A field that is not here
/// counts, whatever it holds. In doubt a field counts: a needless miss costs a call, a wrong hit costs trust.
/// </summary>
internal static class PromptFields
{
    private const string Form = "chooses how the answer is sent, not what it says; the cache serves both forms from one entry";
    private const string Caller = "names the end user for the provider's abuse monitoring; use a scope to keep users apart";
    private const string ProviderCache = "steers the provider's own prompt cache: latency and price, not the answer";
    private const string Labels = "labels for the provider's dashboard, often unique to a request; the model never sees them";

    private static readonly PromptField Model = new("model", Kind.String, Use: FieldUse.Model);

    /// <summary>Sampling fields that chat and plain completions share.</summary>
    private static readonly PromptField[] Sampling =
    [
        new("frequency_penalty", Kind.Number | Kind.Null),
        new("logit_bias", Kind.Object | Kind.Null),
        new("max_tokens", Kind.Number | Kind.Null),
        new("n", Kind.Number | Kind.Null),
        new("presence_penalty", Kind.Number | Kind.Null),
        new("seed", Kind.Number | Kind.Null),
        new("stop", Kind.String | Kind.Array | Kind.Null),
        new("temperature", Kind.Number | Kind.Null, Use: FieldUse.Temperature),
        new("top_p", Kind.Number | Kind.Null),
        new("stream", Kind.Boolean | Kind.Null, Form, FieldUse.Stream),
        new("stream_options", Kind.Object | Kind.Null, Form, FieldUse.StreamOptions),
    ];

    /// <summary>Fields that mean the same wherever a provider takes them.</summary>
    private static readonly PromptField[] WithoutEffect =
    [
        new("user", Kind.String | Kind.Null, Caller),
        new("safety_identifier", Kind.String | Kind.Null, Caller),
        new("prompt_cache_key", Kind.String | Kind.Null, ProviderCache),
        new("prompt_cache_retention", Kind.String | Kind.Null, ProviderCache),
        new("metadata", Kind.Object | Kind.Null, Labels),
    ];

    private static readonly PromptFieldTable Chat = new(
    [
        Model,
        new("messages", Kind.Array, Use: FieldUse.Messages),
        new("audio", Kind.Object | Kind.Null),
        new("function_call", Kind.String | Kind.Object | Kind.Null),
        new("functions", Kind.Array | Kind.Null),
        new("logprobs", Kind.Boolean | Kind.Null),
        new("max_completion_tokens", Kind.Number | Kind.Null),
        new("modalities", Kind.Array | Kind.Null),
        new("parallel_tool_calls", Kind.Boolean | Kind.Null),
        new("prediction", Kind.Object | Kind.Null),
        new("reasoning_effort", Kind.String | Kind.Null),
        new("response_format", Kind.Object | Kind.Null),
        new("service_tier", Kind.String | Kind.Null),
        new("store", Kind.Boolean | Kind.Null),
        new("tool_choice", Kind.String | Kind.Object | Kind.Null),
        new("tools", Kind.Array | Kind.Null),
        new("top_logprobs", Kind.Number | Kind.Null),
        new("verbosity", Kind.String | Kind.Null),
        new("web_search_options", Kind.Object | Kind.Null),
        .. Sampling,
        .. WithoutEffect,
    ]);

    private static readonly PromptFieldTable Plain = new(
    [
        Model,
        new("prompt", Kind.String | Kind.Array | Kind.Null, Use: FieldUse.Text),
        new("best_of", Kind.Number | Kind.Null),
        new("echo", Kind.Boolean | Kind.Null),
        new("logprobs", Kind.Number | Kind.Null),
        new("suffix", Kind.String | Kind.Null),
        .. Sampling,
        .. WithoutEffect,
    ]);

    private static readonly PromptFieldTable Embedding = new(
    [
        Model,
        new("input", Kind.String | Kind.Array, Use: FieldUse.Text),
        new("dimensions", Kind.Number | Kind.Null),
        new("encoding_format", Kind.String | Kind.Null),
        .. WithoutEffect,
    ]);

    public static PromptFieldTable For(PromptEndpoint endpoint) => endpoint switch
    {
        PromptEndpoint.ChatCompletions => Chat,
        PromptEndpoint.Completions => Plain,
        PromptEndpoint.Embeddings => Embedding,
        _ => throw new ArgumentOutOfRangeException(nameof(endpoint), endpoint, "Not an endpoint."),
    };
}
