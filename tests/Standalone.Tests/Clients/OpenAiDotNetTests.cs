using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;
using OpenAI.Models;
using OrleansCache.Standalone.Tests.Harness;
using OrleansCache.Testing;

namespace OrleansCache.Standalone.Tests.Clients;

/// <summary>The official .NET client, as an application uses it.</summary>
public sealed class OpenAiDotNetTests : IAsyncLifetime, IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SourceRecorder _recorder = new();
    private StandaloneProcess _process = null!;
    private OpenAIClient _client = null!;

    /// <summary>Models of the simulated upstream that answer in other shapes; tools and logprobs are asked for in the options.</summary>
    public static TheoryData<string, bool, bool> Shapes => new()
    {
        { "gpt-4o-mini", false, false },
        { "gpt-4o-mini", true, false },
        { "gpt-4o-mini", false, true },
        { "gpt-4o-mini+reasoning", false, false },
        { "gpt-4o-mini+refusal", false, false },
        { "gpt-4o-mini+annotations", false, false },
    };

    public async Task InitializeAsync()
    {
        _process = await StandaloneProcess.StartAsync(_folder.Path);
        _client = new OpenAIClient(new ApiKeyCredential("unused"), new OpenAIClientOptions
        {
            Endpoint = new Uri(_process.Address, "/v1"),
            Transport = new HttpClientPipelineTransport(new HttpClient(_recorder)),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
        });
    }

    public async Task DisposeAsync() => await _process.DisposeAsync();

    public void Dispose()
    {
        _recorder.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Chat_PlainFirst_RepeatsAndStreamsEqualIt(string model, bool tools, bool logprobs)
    {
        var first = await CompleteAsync(model, tools, logprobs, "MISS");
        var second = await CompleteAsync(model, tools, logprobs, "HIT");
        var streamed = await StreamAsync(model, tools, logprobs, "HIT");

        second.Json.ShouldBe(first.Json);
        second.Chat.ShouldBe(first.Chat);
        streamed.ShouldBe(first.Chat);
        Check(first.Chat, model, tools, logprobs);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Chat_StreamFirst_RepeatsAndPlainEqualIt(string model, bool tools, bool logprobs)
    {
        var first = await StreamAsync(model, tools, logprobs, "MISS");
        var second = await StreamAsync(model, tools, logprobs, "HIT");
        var plain = await CompleteAsync(model, tools, logprobs, "HIT");

        second.ShouldBe(first);
        plain.Chat.ShouldBe(first);
        Check(first, model, tools, logprobs);
    }

    [Fact]
    public async Task Embeddings_Twice_AreEqual()
    {
        var client = _client.GetEmbeddingClient("text-embedding-3-small");
        var options = new EmbeddingGenerationOptions { Dimensions = 64 };

        var first = await client.GenerateEmbeddingsAsync(["one", "two"], options);
        _recorder.Source.ShouldBe("MISS");
        var second = await client.GenerateEmbeddingsAsync(["one", "two"], options);
        _recorder.Source.ShouldBe("HIT");

        second.GetRawResponse().Content.ToString().ShouldBe(first.GetRawResponse().Content.ToString());
        second.Value.Count.ShouldBe(2);
        second.Value[0].ToFloats().ToArray().ShouldBe(first.Value[0].ToFloats().ToArray());
        second.Value[0].ToFloats().Length.ShouldBe(64);
        second.Value[0].ToFloats().ToArray().ShouldNotBe(second.Value[1].ToFloats().ToArray());
    }

    [Fact]
    public async Task Models_List_NamesThoseOfTheUpstream()
    {
        OpenAIModelCollection models = await _client.GetOpenAIModelClient().GetModelsAsync();
        models.ShouldContain(m => m.Id == "gpt-4o-mini");

        OpenAIModel model = await _client.GetOpenAIModelClient().GetModelAsync("gpt-4o-mini");
        model.Id.ShouldBe("gpt-4o-mini");
    }

    [Fact]
    public async Task Chat_UpstreamRefuses_TheClientSeesItsStatusAndCode()
    {
        var chat = _client.GetChatClient("gpt-4o-mini+status=429+retry_after=1");

        var refused = await Should.ThrowAsync<ClientResultException>(() => chat.CompleteChatAsync("Hello"));

        refused.Status.ShouldBe(429);
        refused.GetRawResponse()!.Headers.TryGetValue("retry-after", out var seconds).ShouldBeTrue();
        seconds.ShouldBe("1");
    }

    private static void Check(FlatChat chat, string model, bool tools, bool logprobs)
    {
        chat.Id.ShouldStartWith("chatcmpl-");
        chat.OutputTokens.ShouldBeGreaterThan(0);
        if (model.EndsWith("refusal", StringComparison.Ordinal)) chat.Refusal.ShouldNotBeEmpty();
        else if (tools) chat.ToolCalls.ShouldContain("get_weather");
        else chat.Text.ShouldNotBeEmpty();
        if (logprobs) chat.Logprobs.ShouldNotBeEmpty();
    }

    private static ChatCompletionOptions Options(bool tools, bool logprobs)
    {
        var options = new ChatCompletionOptions { Temperature = 0.25f };
        if (logprobs) (options.IncludeLogProbabilities, options.TopLogProbabilityCount) = (true, 2);
        if (tools)
        {
            options.Tools.Add(ChatTool.CreateFunctionTool("get_weather", "The weather of a place", BinaryData.FromString(
                """{"type":"object","properties":{"place":{"type":"string"},"days":{"type":"integer"}},"required":["place","days"]}""")));
        }

        return options;
    }

    private async Task<(FlatChat Chat, string Json)> CompleteAsync(string model, bool tools, bool logprobs, string source)
    {
        var result = await _client.GetChatClient(model).CompleteChatAsync([new UserChatMessage("How is the weather?")], Options(tools, logprobs));
        _recorder.Source.ShouldBe(source);
        return (FlatChat.Of(result.Value), result.GetRawResponse().Content.ToString());
    }

    private async Task<FlatChat> StreamAsync(string model, bool tools, bool logprobs, string source)
    {
        var updates = new List<StreamingChatCompletionUpdate>();
        await foreach (var update in _client.GetChatClient(model)
            .CompleteChatStreamingAsync([new UserChatMessage("How is the weather?")], Options(tools, logprobs))) updates.Add(update);
        _recorder.Source.ShouldBe(source);
        updates.Count.ShouldBeGreaterThan(3);
        return FlatChat.Of(updates);
    }
}
