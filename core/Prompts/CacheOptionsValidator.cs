using Microsoft.Extensions.Options;

namespace OrleansCache.Core.Prompts;

/// <summary>Attributes of <see cref="CacheOptions"/>.</summary>
[OptionsValidator]
internal sealed partial class CacheOptionsAttributes : IValidateOptions<CacheOptions>;

/// <summary>Bounds of times, and rules across the fields of <see cref="CacheOptions"/>.</summary>
internal sealed class CacheOptionsValidator : IValidateOptions<CacheOptions>
{
    private const string Section = "OrleansCache:Cache";
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    public ValidateOptionsResult Validate(string? name, CacheOptions options)
    {
        var faults = new List<string>();
        Check(faults, "DefaultTtl", options.DefaultTtl, TimeSpan.FromSeconds(1));
        Check(faults, "MaxTtl", options.MaxTtl, TimeSpan.FromSeconds(1));
        Check(faults, "StaleIfError", options.StaleIfError, TimeSpan.Zero);
        Check(faults, "StaleWhileRevalidate", options.StaleWhileRevalidate, TimeSpan.Zero);
        if (options.DefaultTtl > options.MaxTtl)
            faults.Add($"{Section}:DefaultTtl is {options.DefaultTtl}, longer than {Section}:MaxTtl ({options.MaxTtl}).");
        for (var i = 0; i < options.Models.Count; i++) CheckRule(faults, $"Models:{i}", options.Models[i]);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void CheckRule(List<string> faults, string path, ModelRule rule)
    {
        if (rule.Model.Length == 0 || rule.Model.AsSpan(0, rule.Model.Length - 1).Contains('*'))
            faults.Add($"{Section}:{path}:Model is '{rule.Model}'; give a model's name, with at most one '*' at its end.");
        if (rule.Ttl is { } ttl) Check(faults, $"{path}:Ttl", ttl, TimeSpan.FromSeconds(1));
        if (rule.StaleIfError is { } onError) Check(faults, $"{path}:StaleIfError", onError, TimeSpan.Zero);
        if (rule.StaleWhileRevalidate is { } behind) Check(faults, $"{path}:StaleWhileRevalidate", behind, TimeSpan.Zero);
        if (rule.MaxTemperature is < 0 or > 2)
            faults.Add($"{Section}:{path}:MaxTemperature is {rule.MaxTemperature}; it has to be between 0 and 2.");
    }

    private static void Check(List<string> faults, string path, TimeSpan value, TimeSpan least)
    {
        if (value < least || value > Longest)
            faults.Add($"{Section}:{path} is {value}; it has to be between {least} and {Longest} (d.hh:mm:ss).");
    }
}
