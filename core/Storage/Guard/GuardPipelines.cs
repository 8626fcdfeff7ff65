using Microsoft.Extensions.Logging;
using OrleansCache.Core.Prompts;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace OrleansCache.Core.Storage.Guard;

/// <summary>
/// Deadline and breaker, one of each for reads and for writes: a full disk must not stop reads. The breaker opens when half of at
/// least four calls within ten seconds failed, and lets one call through each second until one succeeds.
/// </summary>
internal sealed class GuardPipelines
{
    public const int MinimumCalls = 4;

    public static readonly TimeSpan BreakDuration = TimeSpan.FromSeconds(1);

    private readonly CircuitBreakerStateProvider _readState = new();
    private readonly CircuitBreakerStateProvider _writeState = new();
    private volatile string? _readFault;
    private volatile string? _writeFault;

    public GuardPipelines(StoreOptions options, TimeProvider time, ILogger logger, Action opened)
    {
        Read = Build<Completion?>(
            "read", options.ReadDeadline, _readState, new PredicateBuilder<Completion?>(), time, Fault);
        Write = Build(
            "write", options.WriteDeadline, _writeState,
            new PredicateBuilder<RunEnd>().HandleResult(end => end.Fault is not null), time, Fault);

        // A probe that fails opens the breaker again: only the first time is news.
        void Fault(string operation, string? fault)
        {
            var isNews = (operation == "read" ? _readFault : _writeFault) is null;
            if (operation == "read") _readFault = fault;
            else _writeFault = fault;
            if (fault is null) logger.BreakerClosed(operation);
            else if (isNews) logger.BreakerOpened(operation, fault);
            if (fault is not null) opened();
        }
    }

    public ResiliencePipeline<Completion?> Read { get; }

    public ResiliencePipeline<RunEnd> Write { get; }

    public bool IsReadClosed => _readState.CircuitState == CircuitState.Closed;

    public bool IsWriteClosed => _writeState.CircuitState == CircuitState.Closed;

    public string? LastFault => _writeFault ?? _readFault;

    private static ResiliencePipeline<T> Build<T>(
        string operation,
        TimeSpan deadline,
        CircuitBreakerStateProvider state,
        PredicateBuilder<T> failures,
        TimeProvider time,
        Action<string, string?> changed) =>
        new ResiliencePipelineBuilder<T> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<T>
            {
                FailureRatio = 0.5,
                MinimumThroughput = MinimumCalls,
                SamplingDuration = TimeSpan.FromSeconds(10),
                BreakDuration = BreakDuration,
                StateProvider = state,
                ShouldHandle = failures.Handle<Exception>(e => e is not OperationCanceledException),
                OnOpened = arguments =>
                {
                    changed(operation, Describe(arguments.Outcome.Exception ?? (arguments.Outcome.Result as RunEnd?)?.Fault, deadline));
                    return default;
                },
                OnClosed = _ =>
                {
                    changed(operation, null);
                    return default;
                },
            })
            .AddTimeout(new TimeoutStrategyOptions { Timeout = deadline })
            .Build();

    private static string Describe(Exception? fault, TimeSpan deadline) => fault switch
    {
        TimeoutRejectedException => $"no answer within {deadline.TotalMilliseconds} ms",
        null => "the store reports faults",
        _ => StorageLog.Words(fault),
    };
}
