using System.Diagnostics;
using Microsoft.Extensions.Options;
using OrleansCache.Bench.Harness;
using OrleansCache.Bench.Load;
using OrleansCache.Bench.Servers;
using OrleansCache.Core.Keys;

namespace OrleansCache.Bench.Start;

/// <summary>From the start of the process to the first hit, with many entries in the store.</summary>
internal sealed class StartBenchmark : IBenchmark
{
    private const int BodyBytes = 600;
    private const double MostSeconds = 2;

    public string Name => "start";

    public string About => "from the start of the process to the first hit";

    public async Task RunAsync(BenchContext context)
    {
        var table = new Table(
            "From the start of the process to the first hit from the store (file in the page cache)",
            "stored entries", "file MiB", "median s", "worst s", "target (median)");
        foreach (var entries in context.Quick ? (int[])[1, 100_000] : [1, 1_000_000])
        {
            BenchContext.Say($"filling a store with {entries:N0} entries");
            using var folder = new TempFolder();
            var file = Path.Combine(folder.Path, "bench.db");
            await Task.Run(() => StoreGenerator.Fill(file, entries, KeyOf(entries)));
            var times = new List<double>();
            for (var i = 0; i < (context.Quick ? 3 : 7); i++) times.Add(await FirstHitAsync(folder.Path, file, entries));
            table.Add(
                $"{entries:N0}", $"{new FileInfo(file).Length >> 20:N0}", $"{times.Median():0.00}", $"{times.Max():0.00}",
                entries > 1 ? Target.AtMost(times.Median(), MostSeconds, " s") : Target.None);
        }

        context.Print(table);
    }

    // The standalone's own program, on all cores, as ./run starts it after building.
    private static async Task<double> FirstHitAsync(string folder, string file, int number)
    {
        var port = Launch.FreePort();
        var start = Launch.Dotnet(
            null, "OrleansCache.Standalone.dll",
            StandaloneSettings.For(port, [$"--OrleansCache:Store:Path={file}", StandaloneSettings.Simulated]));
        start.WorkingDirectory = folder;
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        try
        {
            await Probe.UntilListeningAsync(port, () => process.HasExited, TimeSpan.FromSeconds(60));
            using var connection = new LoadConnection(port, "x-cache: HIT");
            connection.Ask(new RequestTemplate(port, BodyBytes).For(number));
            await connection.TakeWholeAsync();
            return connection.Wrong == 0
                ? Stopwatch.GetElapsedTime(started).TotalSeconds
                : throw new InvalidDataException("The first answer was no hit.");
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    // As the gateway makes it: with no API keys everybody is in the scope 'default'.
    private static PromptKey KeyOf(int number) => new PromptReader(Options.Create(new PromptKeyOptions()))
        .Read(PromptEndpoint.ChatCompletions, "default", RequestTemplate.BodyOf(number, BodyBytes)).Key;
}
