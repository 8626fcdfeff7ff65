using Microsoft.Extensions.Configuration;
using OrleansCache.Core.Settings;

namespace OrleansCache.Core.Upstream;

/// <summary>The list <c>OrleansCache:Upstreams</c> as it stands after the defaults.</summary>
public sealed class UpstreamSettings
{
    /// <summary>Where the list is.</summary>
    public const string Section = "OrleansCache:Upstreams";

    private const string KeyVariable = "OPENAI_API_KEY";
    private const string UrlVariable = "OPENAI_BASE_URL";

    /// <summary>In order of preference.</summary>
    public List<UpstreamOptions> Upstreams { get; } = [];

    /// <summary>Whether nothing was configured and the simulation stands in.</summary>
    public bool IsFallback { get; private set; }

    /// <summary>What is configured and nobody reads, for messages.</summary>
    internal IReadOnlyList<string> Unknown { get; private set; } = [];

    /// <summary>Reads the list; without one the variables <c>OPENAI_API_KEY</c> and <c>OPENAI_BASE_URL</c>; without those, simulates.</summary>
    internal void Read(IConfiguration root)
    {
        Unknown = [.. UnknownSettings.Find(root.GetSection(Section), typeof(List<UpstreamOptions>))];
        var variableKey = Text(root[KeyVariable]);
        foreach (var child in root.GetSection(Section).GetChildren())
        {
            var upstream = child.Get<UpstreamOptions>() ?? new UpstreamOptions();
            upstream.Path = child.Path;
            if (upstream.Name.Length == 0) upstream.Name = child.Key;
            if (upstream is { Kind: UpstreamKind.OpenAI, BaseUrl: null, ApiKey: null, ApiKeyFile: null }) upstream.ApiKey = variableKey;
            Upstreams.Add(upstream);
        }

        if (Upstreams.Count > 0) return;
        var url = Text(root[UrlVariable]);
        IsFallback = url is null && variableKey is null;
        Upstreams.Add(IsFallback
            ? new UpstreamOptions { Name = "simulated", Kind = UpstreamKind.Simulated, Path = Section + ":0" }
            : new UpstreamOptions { Name = "default", BaseUrl = url, ApiKey = variableKey, Path = url is null ? KeyVariable : UrlVariable });
    }

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
