using Microsoft.Extensions.DependencyInjection;
using OrleansCache.Bench.Harness;
using OrleansCache.Bench.Load;
using OrleansCache.Bench.Servers;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Bench.Memory;

/// <summary>Bytes of the heap that an entry takes beside its body and its key.</summary>
internal sealed class MemoryBenchmark : IBenchmark
{
    private const int RequestBytes = 300;
    private const int AnswerBytes = 400;
    private const double MostOverhead = 400;

    public string Name => "memory";

    public string About => "memory of an entry beyond its payload and key";

    public async Task RunAsync(BenchContext context)
    {
        var entries = context.Quick ? 50_000 : 200_000;
        await using var services = await OwnersInProcess.CreateAsync();
        var owners = services.GetRequiredService<IPromptOwners>();
        var reader = services.GetRequiredService<PromptReader>();

        var requests = Enumerable.Range(0, entries).Select(i => RequestOf(i)).ToArray();
        var withRequests = GC.GetTotalMemory(forceFullCollection: true);
        foreach (var request in requests) await owners.PutAsync(request, SampleAnswers.Chat(1, AnswerBytes), CancellationToken.None);
        var withEntries = GC.GetTotalMemory(forceFullCollection: true);
        foreach (var request in requests) reader.Read(request.Endpoint, request.Scope, request.Body.Span);
        var withMemo = GC.GetTotalMemory(forceFullCollection: true);
        if (owners.Memory.Entries != entries) throw new InvalidDataException($"{owners.Memory.Entries} of {entries} entries are held.");

        var whole = (double)(withEntries - withRequests) / entries;
        var beyond = whole - AnswerBytes - PromptKey.Size;
        var charged = (double)owners.Memory.Bytes / entries;
        context.Print(new Table($"Memory of an entry, {entries:N0} entries of {AnswerBytes} bytes", "what", "bytes an entry", "target")
            .Add("all of it", $"{whole:0}", Target.None)
            .Add("beyond body and key", $"{beyond:0}", Target.AtMost(beyond, MostOverhead, " B"))
            .Add("charged against the memory bound", $"{charged:0}", Target.None)
            .Add("the memo of the request's bytes (bounded by MemoEntries)", $"{(double)(withMemo - withEntries) / entries:0}", Target.None));
        GC.KeepAlive(requests);
    }

    private static PromptRequest RequestOf(int number)
    {
        var body = RequestTemplate.BodyOf(number, RequestBytes);
        return new PromptRequest
        {
            Key = new PromptKey(System.Security.Cryptography.SHA256.HashData(body)),
            Scope = "default",
            Endpoint = PromptEndpoint.ChatCompletions,
            Head = new PromptHead("bench-model", Stream: false, IncludeUsage: false, Temperature: 0),
            Body = body,
        };
    }
}
