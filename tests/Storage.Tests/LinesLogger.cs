using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OrleansCache.Storage.Tests;

/// <summary>Keeps every line, exceptions included, and tells the test of each event.</summary>
internal sealed class LinesLogger<T>(Action<int>? logged = null) : ILogger<T>
{
    public ConcurrentQueue<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Lines.Enqueue($"{eventId.Id} {formatter(state, exception)} {exception}");
        logged?.Invoke(eventId.Id);
    }
}
