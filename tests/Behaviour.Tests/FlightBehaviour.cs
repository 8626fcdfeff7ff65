using OrleansCache.Core.Prompts;
using OrleansCache.Core.Upstream;
using OrleansCache.Testing;

namespace OrleansCache.Behaviour.Tests;

public abstract class FlightBehaviour<TFactory>
    where TFactory : IOwnerHarnessFactory, new()
{
    private static OwnerHarness Create(CacheOptions? options = null) => new TFactory().Create(options ?? new CacheOptions());

    [Fact]
    public async Task Ask_TenThousandAtOnce_OneCallAndEqualAnswers()
    {
        await using var cache = Create();
        var stream = new ScriptedStream();
        cache.Upstream.Handler = (_, _) => Task.FromResult(stream.Answer);
        var leader = cache.AskAsync(Ask.For("a", stream: true));
        await Eventually.TrueAsync(() => cache.Upstream.Calls == 1);

        // On the thread pool, as callers are: the test framework's own scheduler takes seconds for so many continuations.
        var plain = Enumerable.Range(0, 5_000).Select(_ => Task.Run(() => cache.AskAsync(Ask.For("a")))).ToList();
        var streamed = Enumerable.Range(0, 5_000).Select(_ => Task.Run(() => ReadWholeAsync(cache, Ask.For("a", stream: true)))).ToList();
        await Eventually.TrueAsync(() => plain.Concat<Task>(streamed).All(task => task.Status == TaskStatus.WaitingForActivation));
        stream.Push(Answers.Chunk("hel")).Push(Answers.Chunk("lo", "stop")).Complete();

        var parts = await (await leader).ReadAsync();
        parts.ShouldBe([Answers.Chunk("hel"), Answers.Chunk("lo", "stop")]);
        var bodies = (await Task.WhenAll(plain)).Select(answer => (answer.Source, Text: answer.Text())).Distinct().ToList();
        bodies.Count.ShouldBe(1);
        bodies[0].Source.ShouldBe(CacheSource.Coalesced);
        bodies[0].Text.ShouldContain("\"content\":\"hello\"");
        foreach (var read in await Task.WhenAll(streamed)) read.ShouldBe(parts);
        cache.Upstream.Calls.ShouldBe(1);
        (await cache.AskAsync(Ask.For("a"))).Text().ShouldBe(bodies[0].Text);
    }

    [Fact]
    public async Task Ask_AtOnceFromManyThreads_NeverTwoCallsAtATime()
    {
        await using var cache = Create(new CacheOptions { MemoryBytes = 1 << 20 });
        var (running, most) = (0, 0);
        cache.Upstream.Handler = async (_, _) =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Decrement(ref running);
            return Answers.Plain();
        };

        await Parallel.ForEachAsync(Enumerable.Range(0, 2_000), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
        {
            var directives = (i % 7) switch { 0 => Ask.NoCache, 1 => Ask.MaxAge(0), _ => CacheDirectives.None };
            if (i % 50 == 0) await cache.Owners.PurgeAsync(new EntryFilter { Scope = "tenant" }, default);
            (await cache.AskAsync(Ask.For("a", stream: i % 3 == 0, directives: directives))).IsAnswered.ShouldBeTrue();
        });

        most.ShouldBe(1);
    }

    [Fact]
    public async Task Join_HalfWay_IsGivenThePastAtOnceAndTheRestLive()
    {
        await using var cache = Create();
        var stream = new ScriptedStream();
        cache.Upstream.Handler = (_, _) => Task.FromResult(stream.Answer);
        stream.Push(Answers.Chunk("one "));
        var first = await cache.AskAsync(Ask.For("a", stream: true));

        var joined = await cache.AskAsync(Ask.For("a", stream: true));
        joined.Source.ShouldBe(CacheSource.Coalesced);
        await using var parts = joined.Parts!.GetAsyncEnumerator();
        (await parts.MoveNextAsync().AsTask().WaitAsync(OwnerHarness.Patience)).ShouldBeTrue();
        parts.Current.Text().ShouldBe(Answers.Chunk("one "));

        var next = parts.MoveNextAsync().AsTask();
        next.IsCompleted.ShouldBeFalse();
        stream.Push(Answers.Chunk("two", "stop")).Complete();
        (await next.WaitAsync(OwnerHarness.Patience)).ShouldBeTrue();
        parts.Current.Text().ShouldBe(Answers.Chunk("two", "stop"));
        (await parts.MoveNextAsync()).ShouldBeFalse();
        (await first.ReadAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Join_StreamOntoAPlainFlight_IsGivenTheWhole()
    {
        await using var cache = Create();
        var fetched = new TaskCompletionSource<UpstreamAnswer>();
        cache.Upstream.Handler = (_, _) => fetched.Task;
        var plain = cache.AskAsync(Ask.For("a"));
        var streamed = cache.AskAsync(Ask.For("a", stream: true));
        fetched.SetResult(Answers.Plain());

        (await plain).Text().ShouldBe(Answers.Body());
        (await streamed).Text().ShouldBe(Answers.Body());
        cache.Upstream.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task Flight_End_ComesAfterTheStoreHasTheAnswer()
    {
        await using var cache = Create();
        var written = new TaskCompletionSource();
        cache.Store.BeforeWrite = () => written.Task;
        var asked = cache.AskAsync(Ask.For("a"));
        await Eventually.TrueAsync(() => cache.Store.Writes == 1);

        asked.IsCompleted.ShouldBeFalse();
        written.SetResult();
        (await asked).Source.ShouldBe(CacheSource.Miss);
        cache.Store.Entries.ShouldContainKey(Ask.For("a").Key);
        System.Text.Encoding.UTF8.GetString(cache.Store.Entries[Ask.For("a").Key].Request.Span).ShouldContain("\"content\":\"a\"");
    }

    [Fact]
    public async Task Stream_PartsArrive_BeforeTheStoreIsAsked()
    {
        await using var cache = Create();
        var stream = new ScriptedStream();
        cache.Upstream.Handler = (_, _) => Task.FromResult(stream.Answer);
        cache.Store.BeforeWrite = () => Task.Delay(Timeout.Infinite);
        stream.Push(Answers.Chunk("one"));

        var answer = await cache.AskAsync(Ask.For("a", stream: true));
        await using var parts = answer.Parts!.GetAsyncEnumerator();
        (await parts.MoveNextAsync().AsTask().WaitAsync(OwnerHarness.Patience)).ShouldBeTrue();
        cache.Store.Writes.ShouldBe(0);
    }

    [Fact]
    public async Task Leave_TheFirstCaller_HarmsNobody()
    {
        await using var cache = Create(new CacheOptions { AbandonedFlights = AbandonedFlights.Cancel });
        var stream = new ScriptedStream();
        cache.Upstream.Handler = (_, _) => Task.FromResult(stream.Answer);
        stream.Push(Answers.Chunk("one "));
        using var hangUp = new CancellationTokenSource();
        await cache.Owners.AskAsync(Ask.For("a", stream: true), hangUp.Token);
        var joined = await cache.AskAsync(Ask.For("a", stream: true));
        var plain = cache.AskAsync(Ask.For("a"));

        await hangUp.CancelAsync();
        stream.Push(Answers.Chunk("two", "stop")).Complete();

        (await joined.ReadAsync()).Count.ShouldBe(2);
        (await plain).Text().ShouldContain("one two");
        cache.Upstream.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task Leave_Everybody_ThePaidFlightIsFinishedAndStored()
    {
        await using var cache = Create();
        var fetched = new TaskCompletionSource<UpstreamAnswer>();
        cache.Upstream.Handler = (_, token) => fetched.Task.WaitAsync(token);
        await LeaveAsync(cache, Ask.For("a"));

        fetched.SetResult(Answers.Plain());
        await Eventually.TrueAsync(() => cache.HasLocal(Ask.For("a")));
        (await cache.AskAsync(Ask.For("a"))).Source.ShouldBe(CacheSource.Hit);
        cache.Upstream.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task Leave_Everybody_WhenSoConfigured_CancelsTheCall()
    {
        await using var cache = Create(new CacheOptions { AbandonedFlights = AbandonedFlights.Cancel });
        var cancelled = new TaskCompletionSource();
        cache.Upstream.Handler = (_, token) => UntilCancelledAsync(cancelled, token);
        await LeaveAsync(cache, Ask.For("a"));

        await cancelled.Task.WaitAsync(OwnerHarness.Patience);
        cache.Upstream.Handler = (_, _) => Task.FromResult(Answers.Plain());
        (await cache.AskAsync(Ask.For("a"))).Source.ShouldBe(CacheSource.Miss);
        cache.Upstream.Calls.ShouldBe(2);
    }

    [Fact]
    public async Task Leave_BeforeTheUpstreamWasCalled_EndsTheFlight()
    {
        await using var cache = Create();
        cache.Store.BeforeRead = () => Task.Delay(Timeout.Infinite);
        using var hangUp = new CancellationTokenSource();
        var asked = cache.Owners.AskAsync(Ask.For("a"), hangUp.Token).AsTask();
        await Eventually.TrueAsync(() => cache.Store.Reads == 1);
        await hangUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => asked.WaitAsync(OwnerHarness.Patience));

        await Eventually.TrueAsync(() => cache.Owners.Memory.Flights == 0);
        cache.Upstream.Calls.ShouldBe(0);
    }

    [Fact]
    public async Task Leave_WhileAnotherBoards_NeverHandsItTheCancellation()
    {
        await using var cache = Create(new CacheOptions { AbandonedFlights = AbandonedFlights.Cancel });
        cache.Upstream.Handler = async (_, token) =>
        {
            await Task.Yield();
            token.ThrowIfCancellationRequested();
            return Answers.Plain();
        };
        for (var i = 0; i < 1_000; i++)
        {
            using var hangUp = new CancellationTokenSource();
            using var together = new Barrier(2);
            var first = cache.Owners.AskAsync(Ask.For($"p{i}"), hangUp.Token).AsTask();
            var leaving = Task.Run(() =>
            {
                together.SignalAndWait(OwnerHarness.Patience);
                hangUp.Cancel();
            });
            var second = Task.Run(() =>
            {
                together.SignalAndWait(OwnerHarness.Patience);
                return cache.AskAsync(Ask.For($"p{i}"));
            });

            (await second.WaitAsync(OwnerHarness.Patience)).IsAnswered.ShouldBeTrue();
            await leaving;
            await first.ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    [Fact]
    public async Task Leave_ABypass_CancelsTheCall()
    {
        await using var cache = Create();
        var cancelled = new TaskCompletionSource();
        cache.Upstream.Handler = (_, token) => UntilCancelledAsync(cancelled, token);
        await LeaveAsync(cache, Ask.For("a", directives: Ask.NoStore));
        await cancelled.Task.WaitAsync(OwnerHarness.Patience);
    }

    [Fact]
    public async Task Stop_WithFlights_FinishesThem()
    {
        await using var cache = Create();
        var fetched = new TaskCompletionSource<UpstreamAnswer>();
        cache.Upstream.Handler = (_, _) => fetched.Task;
        var asked = cache.AskAsync(Ask.For("a"));
        await Eventually.TrueAsync(() => cache.Upstream.Calls == 1);

        var stopping = cache.StopAsync(CancellationToken.None);
        stopping.IsCompleted.ShouldBeFalse();
        fetched.SetResult(Answers.Plain());
        await stopping.WaitAsync(OwnerHarness.Patience);
        (await asked).Source.ShouldBe(CacheSource.Miss);
        cache.Store.Entries.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Stop_TimeIsOver_CallersAreHandedTheirError()
    {
        await using var cache = Create();
        cache.Upstream.Handler = (_, token) => UntilCancelledAsync(new TaskCompletionSource(), token);
        var asked = cache.AskAsync(Ask.For("a"));
        await Eventually.TrueAsync(() => cache.Upstream.Calls == 1);

        await cache.StopAsync(new CancellationToken(canceled: true)).WaitAsync(OwnerHarness.Patience);
        var refusal = (await asked).Refusal.ShouldNotBeNull();
        refusal.Status.ShouldBe(503);
        refusal.Headers.ShouldBe([KeyValuePair.Create("retry-after", "1")]);
    }

    private static async Task<UpstreamAnswer> UntilCancelledAsync(TaskCompletionSource cancelled, CancellationToken token)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, token);
            throw new InvalidOperationException("Only cancellation ends this call.");
        }
        finally
        {
            cancelled.TrySetResult();
        }
    }

    private static async Task<List<string>> ReadWholeAsync(OwnerHarness cache, PromptRequest request) =>
        await (await cache.AskAsync(request)).ReadAsync();

    private static async Task LeaveAsync(OwnerHarness cache, PromptRequest request)
    {
        using var hangUp = new CancellationTokenSource();
        var asked = cache.Owners.AskAsync(request, hangUp.Token).AsTask();
        await Eventually.TrueAsync(() => cache.Upstream.Calls == 1);
        await hangUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => asked.WaitAsync(OwnerHarness.Patience));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); seen < value;)
        {
            var before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen) return;
            seen = before;
        }
    }
}
