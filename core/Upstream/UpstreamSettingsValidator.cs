using Microsoft.Extensions.Options;
using OrleansCache.Core.Upstream.Simulation;

namespace OrleansCache.Core.Upstream;

/// <summary>Names every wrong setting with its value and its bounds; never the value of a key.</summary>
internal sealed class UpstreamSettingsValidator : IValidateOptions<UpstreamSettings>
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, UpstreamSettings options)
    {
        List<string> errors = [.. options.Unknown];
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (var upstream in options.Upstreams)
        {
            if (upstream.Name.Length is 0 or > 64) errors.Add($"{upstream.Path}:Name has {upstream.Name.Length} characters; it must have 1 to 64.");
            if (!names.Add(upstream.Name)) errors.Add($"{upstream.Path}:Name is '{upstream.Name}', which another upstream has too; names must differ.");
            CheckBounds(upstream, errors);
            CheckKind(upstream, errors);
            CheckSimulation(upstream, errors);
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static void CheckBounds(UpstreamOptions upstream, List<string> errors)
    {
        Check(nameof(upstream.ConnectTimeout), upstream.ConnectTimeout, Shortest, TimeSpan.FromMinutes(5));
        Check(nameof(upstream.FirstByteTimeout), upstream.FirstByteTimeout, Shortest, Longest);
        Check(nameof(upstream.IdleTimeout), upstream.IdleTimeout, Shortest, Longest);
        Check(nameof(upstream.TotalTimeout), upstream.TotalTimeout, Shortest, Longest);
        Check(nameof(upstream.MaxAnswerBytes), upstream.MaxAnswerBytes, 1L << 10, 1L << 30);
        if (upstream.TotalTimeout < upstream.FirstByteTimeout)
            errors.Add($"{upstream.Path}:TotalTimeout is {upstream.TotalTimeout}; it must not be below FirstByteTimeout ({upstream.FirstByteTimeout}).");
        for (var i = 0; i < upstream.Models.Count; i++)
        {
            if (!ModelPattern.IsValid(upstream.Models[i]))
                errors.Add($"{upstream.Path}:Models:{i} is '{upstream.Models[i]}'; it must be a model's name, with one * at the end at most.");
        }

        void Check<T>(string setting, T value, T min, T max)
            where T : IComparable<T>
        {
            if (value.CompareTo(min) < 0 || value.CompareTo(max) > 0) errors.Add($"{upstream.Path}:{setting} is {value}; it must be {min} to {max}.");
        }
    }

    private static void CheckKind(UpstreamOptions upstream, List<string> errors)
    {
        if (upstream.Kind == UpstreamKind.Replay && (upstream.ReplayFrom is null || !File.Exists(upstream.ReplayFrom)))
            errors.Add($"{upstream.Path}:ReplayFrom is '{upstream.ReplayFrom}'; kind replay needs a recording that exists.");
        if (upstream.Kind != UpstreamKind.OpenAI) return;
        if (upstream.BaseUrl is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out var parsed) && IsWeb(parsed)))
            errors.Add($"{upstream.Path}:BaseUrl is '{Redact(url)}'; it must be an absolute http or https URL without user and password, such as https://api.openai.com/v1.");
        if (upstream.ApiKey is not null && upstream.ApiKeyFile is not null)
            errors.Add($"{upstream.Path}:ApiKey and {upstream.Path}:ApiKeyFile are both set; set one.");
        else if (UpstreamKey.TryRead(upstream, out var key) is { } wrong) errors.Add(wrong);
        else if (key is null && upstream.BaseUrl is null)
            errors.Add($"{upstream.Path}:ApiKey is not set; OpenAI's own API needs one. Set it, ApiKeyFile or OPENAI_API_KEY, or set BaseUrl to a server that needs none.");
    }

    private static void CheckSimulation(UpstreamOptions upstream, List<string> errors)
    {
        var simulation = upstream.Simulation;
        if (simulation.Latency < TimeSpan.Zero || simulation.Latency > TimeSpan.FromMinutes(10))
            errors.Add($"{upstream.Path}:Simulation:Latency is {simulation.Latency}; it must be 00:00:00 to 00:10:00.");
        if (simulation.TokensPerSecond is not (>= 0 and <= 1_000_000))
            errors.Add($"{upstream.Path}:Simulation:TokensPerSecond is {simulation.TokensPerSecond}; it must be 0 to 1000000.");
        if (simulation.FailureRate is not (>= 0 and <= 1))
            errors.Add($"{upstream.Path}:Simulation:FailureRate is {simulation.FailureRate}; it must be 0 to 1.");
        for (var i = 0; i < simulation.Failures.Count; i++)
        {
            if (!new SimulatedScript().Fail(simulation.Failures[i]))
                errors.Add($"{upstream.Path}:Simulation:Failures:{i} is '{simulation.Failures[i]}'; it must be a status of 400 to 599 or one of truncate, no_done, malformed, error, reset, stall.");
        }
    }

    private static bool IsWeb(Uri url) => (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) && url.UserInfo.Length == 0;

    private static string Redact(string url) => url.LastIndexOf('@') is var at and >= 0 ? "***" + url[at..] : url;
}
