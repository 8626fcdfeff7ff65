using Microsoft.Extensions.Options;

namespace OrleansCache.Standalone;

/// <summary>Runs the process, and tells what stops it from starting in one line per fault.</summary>
internal static class StartUp
{
    /// <returns>The exit code: 0, or 1 when it could not start.</returns>
    public static async Task<int> RunAsync(Func<WebApplication> build, TextWriter errors)
    {
        try
        {
            await using var app = build();
            // The host checks too, but after services have been built of the settings: the first fault would hide the others.
            app.Services.GetService<IStartupValidator>()?.Validate();
            await app.RunAsync();
            return 0;
        }
        catch (Exception e) when (StartFaults.Explain(e) is { Count: > 0 } faults)
        {
            foreach (var fault in faults) await errors.WriteLineAsync($"OrleansCache cannot start: {fault}");
            return 1;
        }
        catch (OperationCanceledException)
        {
            // Told to stop while it was starting.
            return 0;
        }
    }
}
