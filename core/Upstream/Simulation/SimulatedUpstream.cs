using System.Runtime.CompilerServices;
using System.Text.Json;

namespace OrleansCache.Core.Upstream.Simulation;

/// <summary>
/// A provider that is not there: deterministic answers in every shape that real ones give, with the latency, the pace and the failures
/// that a test wants. Equal prompts get equal answers, streamed or not; only the id counts the calls.
/// </summary>
public sealed class SimulatedUpstream : IUpstream
{
    private static readonly string[] DefaultModels =
        ["gpt-4o", "gpt-4o-mini", "o4-mini", "gpt-3.5-turbo-instruct", "text-embedding-3-small", "text-embedding-3-large"];

    private static readonly byte[] MalformedEvent = "{\"choices\":[{\"delta\":{\"content\":"u8.ToArray();
    private readonly SimulationOptions _options;
    private readonly List<string> _models;
    private readonly TimeSpan _idleTimeout;
    private readonly TimeProvider _clock;
    private readonly string _name;
    private int _calls;

    /// <summary>Makes a simulation of its own.</summary>
    /// <param name="options">How it answers; at once and without failures when null.</param>
    /// <param name="models">The models it knows, with <c>*</c> at the end for any rest; any model when null or empty.</param>
    /// <param name="clock">Real time when null.</param>
    /// <param name="idleTimeout">How long a stalled answer is waited for; 60 seconds when null.</param>
    /// <param name="name">What messages call it.</param>
    public SimulatedUpstream(
        SimulationOptions? options = null,
        IEnumerable<string>? models = null,
        TimeProvider? clock = null,
        TimeSpan? idleTimeout = null,
        string name = "simulated")
    {
        _options = options ?? new SimulationOptions();
        _models = [.. models ?? []];
        _clock = clock ?? TimeProvider.System;
        _idleTimeout = idleTimeout ?? TimeSpan.FromSeconds(60);
        _name = name;
    }

    /// <summary>How many prompts it was asked; lists of models not counted.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <inheritdoc/>
    public async Task<UpstreamAnswer> CallAsync(UpstreamRequest request, CancellationToken cancellationToken)
    {
        var answer = Prepare(request, Interlocked.Increment(ref _calls));
        cancellationToken.ThrowIfCancellationRequested();
        var script = answer.Script;
        var latency = script.Latency ?? _options.Latency;
        var rate = script.TokensPerSecond ?? _options.TokensPerSecond;
        if (answer.Whole is not null && rate > 0) latency += TimeSpan.FromSeconds(answer.Tokens / rate);
        if (latency > TimeSpan.Zero) await Task.Delay(latency, _clock, cancellationToken);
        if (answer.Whole is not null)
        {
            if (answer.Whole.Status == 200) await BreakAsync(script.Failure, cancellationToken);
            return answer.Whole;
        }

        var play = new Playback(this, answer.Events!, script, rate, cancellationToken);
        return new UpstreamAnswer(200, play.ReadAsync(CancellationToken.None), () => play.SawDone);
    }

    /// <inheritdoc/>
    public Task<UpstreamAnswer> ListModelsAsync(CancellationToken cancellationToken)
    {
        var names = _models.Where(m => !m.EndsWith('*')).ToArray();
        var body = UpstreamJson.Render(json =>
        {
            json.WriteStartObject();
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            foreach (var model in names.Length > 0 ? names : DefaultModels)
            {
                json.WriteStartObject();
                json.WriteString("id", model);
                json.WriteString("object", "model");
                json.WriteNumber("created", 1_750_000_000);
                json.WriteString("owned_by", "simulated");
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
        return Task.FromResult(new UpstreamAnswer(200, body, UpstreamJson.ContentType));
    }

    private SimulatedAnswer Prepare(UpstreamRequest request, int call)
    {
        using var document = UpstreamJson.TryParse(request.Body);
        if (document is null || document.RootElement.ValueKind != JsonValueKind.Object)
            return Refuse(400, "The body is not a JSON object.", "invalid_json");
        var body = document.RootElement;
        var model = body.TryGetProperty("model", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString()! : request.Model;
        if (!ModelPattern.MatchesAny(_models, model.Split('+')[0]))
            return Refuse(404, "The model does not exist: this simulated upstream answers only the models that its setting Models lists.", "model_not_found", "model");
        if (SimulatedScript.Read(model, body, out var wrong) is not { } script)
            return Refuse(400, $"The simulation knows no such setting or value for '{Shorten(wrong)}'.", "invalid_simulation", "x_simulate");
        var seed = RequestIdentity.Hash(UpstreamJson.PathOf(request.Endpoint), body, out var length);
        FailSometimes(script, seed, call);
        if (script.Status != 0) return new SimulatedAnswer { Script = script, Whole = SimulatedErrors.Create(script.Status, script.RetryAfter) };
        var id = Convert.ToHexStringLower(seed.AsSpan(0, 8)) + (_options.StableIds ? "" : $"-{call}");
        return SimulatedAnswer.Create(new SimulatedCall(request.Endpoint, body, model, script, seed, Math.Max(1, length / 4), id), request.Stream);
    }

    private static string Shorten(string name) => name.Length <= 32 ? name : name[..32];

    private static SimulatedAnswer Refuse(int status, string message, string code, string? param = null) => new()
    {
        Script = new SimulatedScript(),
        Whole = UpstreamJson.Error(status, message, "invalid_request_error", code, param),
    };

    private void FailSometimes(SimulatedScript script, byte[] seed, int call)
    {
        if (_options.FailureRate <= 0) return;
        var random = SimulatedRandom.From(seed, call);
        if (random.Fraction() >= _options.FailureRate) return;
        script.Fail(_options.Failures.Count == 0 ? "500" : _options.Failures[random.Below(_options.Failures.Count)]);
    }

    private async ValueTask BreakAsync(SimulatedFailure failure, CancellationToken cancellationToken)
    {
        switch (failure)
        {
            case SimulatedFailure.Reset:
                throw new UpstreamException(UpstreamFault.Reset, $"Upstream '{_name}' broke the connection before its answer was whole (simulated).");
            case SimulatedFailure.Stall:
                await Task.Delay(_idleTimeout, _clock, cancellationToken);
                throw new UpstreamException(
                    UpstreamFault.Timeout, $"Upstream '{_name}' sent nothing more for {_idleTimeout.TotalSeconds:0.###} s (simulated).");
        }
    }

    /// <summary>Sends the events of one answer at its pace and breaks it as the script says.</summary>
    private sealed class Playback(SimulatedUpstream owner, List<byte[]> events, SimulatedScript script, double rate, CancellationToken caller)
    {
        public bool SawDone { get; private set; }

        public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            using var both = CancellationTokenSource.CreateLinkedTokenSource(caller, cancellationToken);
            var start = owner._clock.GetTimestamp();
            for (var i = 0; i <= events.Count; i++)
            {
                both.Token.ThrowIfCancellationRequested();
                if (i == script.After)
                {
                    await owner.BreakAsync(script.Failure, both.Token);
                    if (script.Failure == SimulatedFailure.Truncate) break;
                    if (script.Failure == SimulatedFailure.Malformed) yield return MalformedEvent;
                    if (script.Failure == SimulatedFailure.Error)
                    {
                        yield return SimulatedErrors.Create(500, script.RetryAfter).Body;
                        yield break;
                    }
                }

                if (i == events.Count) break;
                if (rate > 0) await WaitAsync(start, i, both.Token);
                yield return events[i];
            }

            SawDone = script.Failure != SimulatedFailure.NoDone;
        }

        private async ValueTask WaitAsync(long start, int index, CancellationToken cancellationToken)
        {
            var early = TimeSpan.FromSeconds(index / rate) - owner._clock.GetElapsedTime(start);
            if (early > TimeSpan.Zero) await Task.Delay(early, owner._clock, cancellationToken);
        }
    }
}
