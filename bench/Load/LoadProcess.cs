using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using OrleansCache.Bench.Harness;
using OrleansCache.Bench.Servers;

namespace OrleansCache.Bench.Load;

/// <summary>A load process and its connections, for as many rounds as are wanted.</summary>
internal sealed class LoadProcess : IDisposable
{
    private readonly Process _process;

    public LoadProcess(CoreSplit cores, LoadJob job)
    {
        var start = Launch.Dotnet(cores.Client, "OrleansCache.Bench.dll", [Verbs.Load, JsonSerializer.Serialize(job)]);
        start.RedirectStandardInput = true;
        _process = Process.Start(start)!;
    }

    /// <summary>Processor time spent so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Asks for the first prompts once each.</summary>
    public Task<LoadResult> EachAsync(long count) => OrderAsync<LoadResult>($"each {count}");

    /// <summary>The same prompt on as many connections as the job says; the job has no threads.</summary>
    public Task<BurstResult> BurstAsync(long number) => OrderAsync<BurstResult>($"burst {number}");

    /// <summary>A round whose answers may be wrong or missing.</summary>
    public Task<LoadResult> WarmAsync(TimeSpan time) =>
        OrderAsync<LoadResult>(string.Create(CultureInfo.InvariantCulture, $"run {time.TotalSeconds}"));

    /// <summary>One round.</summary>
    /// <exception cref="InvalidDataException">Answers were not as expected: what was measured is not what was meant. Or there was none.</exception>
    public async Task<LoadResult> RunAsync(TimeSpan time)
    {
        var result = await WarmAsync(time);
        if (result.Wrong > 0) throw new InvalidDataException($"{result.Wrong} of {result.Requests} answers were not as expected.");
        return result.Requests > 0 ? result : throw new InvalidDataException("Not one answer came in a whole round: the machine is too busy to measure.");
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task<T> OrderAsync<T>(string order)
    {
        await _process.StandardInput.WriteLineAsync(order);
        await _process.StandardInput.FlushAsync();
        return await _process.StandardOutput.ReadLineAsync() is { } line
            ? JsonSerializer.Deserialize<T>(line)!
            : throw new InvalidDataException("The load process broke off.");
    }
}
