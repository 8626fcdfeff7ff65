using System.Collections.Concurrent;
using OrleansCache.Standalone.Tests.Harness;

namespace OrleansCache.Standalone.Tests.Crash;

/// <summary>
/// Several clients asking new and repeated questions, in both forms, until the server is gone. An answer that came to its end was
/// acknowledged as stored: the end is sent after the commit.
/// </summary>
internal sealed class CrashLoad(HttpClient http, int round, int target)
{
    private const int Clients = 8;
    private const int SharedPrompts = 12;
    private const int MostAsked = 5_000;

    private readonly ConcurrentQueue<Acknowledged> _acknowledged = new();
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _asked;

    /// <summary>Completes when as many answers as wanted were acknowledged; requests are on their way then.</summary>
    public Task Reached => _reached.Task;

    public IReadOnlyCollection<Acknowledged> Answers => _acknowledged;

    /// <summary>Completes when every client has met the end of the server.</summary>
    public Task RunAsync() => Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(() => AskOnAsync(client))));

    private async Task AskOnAsync(int client)
    {
        var random = new Random((round * Clients) + client);
        try
        {
            for (var i = 0; Interlocked.Increment(ref _asked) <= MostAsked; i++) await AskAsync(Choose(random, client, i));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // The server is gone.
        }
    }

    private async Task AskAsync(ChatBody body)
    {
        var answer = await Received.OfAsync(http, body);
        if ((int)answer.Status != 200) throw new InvalidOperationException($"{(int)answer.Status}: {answer.Text}");
        if (answer.Source is not ("MISS" or "COALESCED" or "HIT")) throw new InvalidOperationException($"x-cache: {answer.Source}");
        if (answer.Degraded.Length > 0) throw new InvalidOperationException("The store was too slow for the test's deadline.");
        // A stream may break off without an error of the connection.
        if (body.Stream && !answer.Text.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal)) return;
        _acknowledged.Enqueue(new Acknowledged(body, answer));
        if (_acknowledged.Count == target) _reached.TrySetResult();
    }

    private ChatBody Choose(Random random, int client, int i)
    {
        var prompt = random.Next(10) < 3 ? $"round {round}, shared {random.Next(SharedPrompts)}" : $"round {round}, client {client}, number {i}";
        // Depends on the prompt alone, so that repeats have equal keys. Some take a while; some don't fit a page of the database.
        var kind = prompt.Sum(c => c) % 4;
        var simulate = kind switch { 0 => """ "tokens_per_second": 4000 """, 1 => """ "bytes": 30000 """, _ => null };
        return new ChatBody(prompt, Stream: random.Next(2) == 0, simulate);
    }
}

/// <summary>An answer that the server must still have after any crash.</summary>
internal sealed record Acknowledged(ChatBody Body, Received Answer);
