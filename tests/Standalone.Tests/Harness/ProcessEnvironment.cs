namespace OrleansCache.Standalone.Tests.Harness;

/// <summary>The environment of a process under test: nothing of the machine's own settings, then the test's.</summary>
internal static class ProcessEnvironment
{
    private static readonly string[] Foreign = ["OrleansCache__", "OPENAI_", "ASPNETCORE_", "DOTNET_ENVIRONMENT", "DOTNET_URLS", "Logging__"];

    public static void Fill(IDictionary<string, string?> environment, IEnumerable<(string Name, string Value)> settings)
    {
        foreach (var name in environment.Keys.ToList())
            if (Foreign.Any(f => name.StartsWith(f, StringComparison.OrdinalIgnoreCase))) environment.Remove(name);
        environment["OrleansCache__Gateway__Listen"] = "http://127.0.0.1:0";
        foreach (var (name, value) in settings) environment[name.Replace(":", "__")] = value;
    }
}
