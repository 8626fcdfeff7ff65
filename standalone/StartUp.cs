namespace OrleansCache.Standalone;

/// <summary>Runs the process, and tells what stops it from starting in one line per fault.</summary>
internal static class StartUp
{
    /// <returns>The exit code: 0, or 1 when it could not start.</returns>
    public static async Task<int> RunAsync(Func<WebApplication> build)
    {
        try
        {
            await using var app = build();
            await app.RunAsync();
            return 0;
        }
        catch (Exception e) when (StartFaults.Explain(e) is { Count: > 0 } faults)
        {
            foreach (var fault in faults) await Console.Error.WriteLineAsync($"OrleansCache cannot start: {fault}");
            return 1;
        }
    }
}
