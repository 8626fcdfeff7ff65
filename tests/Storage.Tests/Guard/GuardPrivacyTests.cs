using Microsoft.Extensions.Options;
using OrleansCache.Core.Storage;
using OrleansCache.Core.Storage.Guard;

namespace OrleansCache.Storage.Tests.Guard;

public sealed class GuardPrivacyTests : GuardTests
{
    [Fact]
    public async Task UnforeseenFaults_QuoteAPrompt_NeitherLogNorHealthDoes()
    {
        const string Prompt = "hunter2";
        var logger = new LinesLogger<GuardedStore>();
        var guard = new GuardedStore(Store, Options.Create(new StoreOptions()), StoreParts.Metrics(), Clock, logger);
        await guard.OpenAsync(default);
        Store.OnPut = _ => throw new InvalidOperationException(Prompt);
        Store.OnRead = () => throw new InvalidOperationException(Prompt);

        for (var i = 0; i < GuardPipelines.MinimumCalls; i++)
        {
            await guard.PutAsync(Entry($"{i}"), default).Soon();
            await guard.GetAsync(Entries.Key("other"), default).Soon();
        }

        (guard.IsReadable, guard.IsWritable).ShouldBe((false, false));
        logger.Lines.Count(line => line.StartsWith("4010", StringComparison.Ordinal)).ShouldBe(GuardPipelines.MinimumCalls);
        logger.Lines.ShouldAllBe(line => !line.Contains(Prompt));
        logger.Lines.ShouldContain(line => line.Contains(nameof(InvalidOperationException)) && line.Contains(nameof(ScriptedStore)));
        guard.Fault.ShouldBe(typeof(InvalidOperationException).FullName);
    }
}
