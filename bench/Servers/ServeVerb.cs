using System.Globalization;
using OrleansCache.Standalone;

namespace OrleansCache.Bench.Servers;

/// <summary>
/// The server processes. A line <see cref="Allocated"/> on standard input is answered with the bytes allocated so far; its end, which is
/// the end of who started them, ends them.
/// </summary>
internal static class ServeVerb
{
    public const string Allocated = "allocated ";

    public static async Task<int> FloorAsync(string[] args)
    {
        var numbers = args.Select(static arg => int.Parse(arg, CultureInfo.InvariantCulture)).ToArray();
        _ = AnswerOrdersAsync();
        await FloorServer.RunAsync(port: numbers[0], answerBytes: numbers[1], TimeSpan.FromMilliseconds(numbers[2]));
        return 0;
    }

    /// <summary>The standalone as its own program builds it, in a process that can be asked what it allocates.</summary>
    public static async Task<int> StandaloneAsync(string[] args)
    {
        _ = AnswerOrdersAsync();
        await using var app = StandaloneHost.Build(args);
        await app.RunAsync();
        return 0;
    }

    private static async Task AnswerOrdersAsync()
    {
        await Task.Yield();
        while (await Console.In.ReadLineAsync() is not null)
            Console.WriteLine(Allocated + GC.GetTotalAllocatedBytes(precise: true).ToString(CultureInfo.InvariantCulture));
        Environment.Exit(0);
    }
}
