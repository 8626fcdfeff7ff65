using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrleansCache.Bench.Harness;
using OrleansCache.Bench.Load;
using OrleansCache.Bench.Servers;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Storage;
using OrleansCache.Core.Storage.Guard;

namespace OrleansCache.Bench.Micro;

/// <summary>Reads and committed writes of the store as requests see it.</summary>
internal static class StoreMicro
{
    private static readonly byte[] Answer = SampleAnswers.Chat(1, 1 << 10);
    private static readonly byte[] Request = RequestTemplate.BodyOf(1, 600);

    public static async Task RunAsync(MicroTable table)
    {
        using var folder = new TempFolder();
        await using (var services = Services(Path.Combine(folder.Path, "bench.db")))
        {
            var store = services.GetRequiredService<GuardedStore>();
            await store.OpenAsync(CancellationToken.None);
            var written = 0;
            foreach (var atOnce in (int[])[1, 64])
            {
                await table.AddAsync($"put, committed, {atOnce} at once", atOnce, async () =>
                {
                    var write = await store.PutAsync(Entry(Interlocked.Increment(ref written)), CancellationToken.None);
                    if (write != StoreWrite.Stored) throw new InvalidDataException($"A write was {write}.");
                });
            }

            var read = 0;
            foreach (var atOnce in (int[])[1, 64])
            {
                await table.AddAsync($"get, found, {atOnce} at once", atOnce, async () =>
                {
                    var number = 1 + ((Interlocked.Increment(ref read) * 7_919L) % written);
                    var found = await store.GetAsync(KeyOf((int)number), CancellationToken.None);
                    if (found.Completion is null) throw new InvalidDataException("An entry that was written is not there.");
                });
            }
        }

        table.Print();
    }

    private static ServiceProvider Services(string path)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Path"] = path }).Build();
        return new ServiceCollection().AddLogging().AddCompletionStore(configuration).BuildServiceProvider();
    }

    private static PromptKey KeyOf(int number) => new(SHA256.HashData(BitConverter.GetBytes(number)));

    private static StoredCompletion Entry(int number)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        return new StoredCompletion(
            KeyOf(number),
            new Completion
            {
                Body = Answer,
                Scope = "default",
                Model = "bench-model",
                Endpoint = PromptEndpoint.ChatCompletions,
                CreatedAt = now,
                FreshUntil = now + 86_400_000,
                KeepUntil = now + 86_400_000,
                Usage = new TokenUsage(12, 34),
                UpstreamMilliseconds = 1,
            },
            Request);
    }
}
