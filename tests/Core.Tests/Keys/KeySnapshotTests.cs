using OrleansCache.Core.Keys;

namespace OrleansCache.Core.Tests.Keys;

/// <summary>Keys of version 1 are in people's stores. If one of these changes, raise <see cref="PromptKeyer.KeyVersion"/> and add, don't edit.</summary>
public sealed class KeySnapshotTests
{
    [Theory]
    [InlineData(PromptEndpoint.ChatCompletions, "", Keying.Chat, "05746276f03105f74526e7c736305b176b0ab4b35b528957ac302a1e7cd7c052")]
    [InlineData(PromptEndpoint.ChatCompletions, "tenant/é", Keying.Chat, "606dfd9ba64851c84d6fd3ec8195a4deb68b89f0ce94893bc84f3046cea7929f")]
    [InlineData(PromptEndpoint.Completions, "t", """{"prompt":["a\/\u00e9\n\ud800😀","b"],"model":"m","seed":-0.0,"top_p":0.90,"n":100,"z":1e-400}""", "ae015de4d7693f74f62fc574b044e334ff975a6c972a2ca637ae3e7e911a2419")]
    [InlineData(PromptEndpoint.Embeddings, "t", """{"model":"e","input":[[1,2],[30]],"user":"u","x":{"b":[true,false,null,{}],"a":{"d":1,"c":2},"a":[]}}""", "cbd3b1e17ffd359a3491f9b146d320bdb058fb66b6adf03fbb6a61dfcf24177a")]
    public void Key_OfVersion1_NeverChanges(PromptEndpoint endpoint, string scope, string body, string key) =>
        Keying.Key(body, endpoint, scope).ToString().ShouldBe(key);

    [Fact]
    public void Key_OfVersion1Trimmed_NeverChanges() =>
        Keying.TrimmedKey(Keying.Chat.Replace("hi", " hi\\n")).ToString().ShouldBe("55ee3b41e67621f7523069b088431a292f83533be7a76897ed6dcf1a4c30d104");
}
