using Microsoft.Extensions.Options;

namespace OrleansCache.Core.Prompts;

/// <summary>Names every wrong setting of <see cref="CacheOptions"/> with its value and its bounds.</summary>
internal sealed class CacheOptionsValidator : IValidateOptions<CacheOptions>
{
    private const string Section = "OrleansCache:Cache";
    private const long LeastMemory = 1L << 20;
    private const long MostMemory = 1L << 40;
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    public ValidateOptionsResult Validate(string? name, CacheOptions options)
    {
        var faults = new List<string>();
        CheckWord(faults, "AbandonedFlights", options.AbandonedFlights);
        CheckWord(faults, "Eviction", options.Eviction);
        CheckTemperature(faults, "MaxTemperature", options.MaxTemperature);
        if (options.MemoryBytes is < LeastMemory or > MostMemory)
            faults.Add($"{Section}:MemoryBytes is {options.MemoryBytes}; it has to be between {LeastMemory} and {MostMemory} bytes.");
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
        if (!ModelPattern.IsValid(rule.Model))
            faults.Add($"{Section}:{path}:Model is '{rule.Model}'; give a model's name, with at most one '*' at its end.");
        if (rule.Ttl is { } ttl) Check(faults, $"{path}:Ttl", ttl, TimeSpan.FromSeconds(1));
        if (rule.StaleIfError is { } onError) Check(faults, $"{path}:StaleIfError", onError, TimeSpan.Zero);
        if (rule.StaleWhileRevalidate is { } behind) Check(faults, $"{path}:StaleWhileRevalidate", behind, TimeSpan.Zero);
        CheckTemperature(faults, $"{path}:MaxTemperature", rule.MaxTemperature);
    }

    private static void CheckTemperature(List<string> faults, string path, double? value)
    {
        if (value is not (null or (>= 0 and <= 2))) faults.Add($"{Section}:{path} is {value}; it has to be between 0 and 2.");
    }

    // The binder takes any number for a word.
    private static void CheckWord<T>(List<string> faults, string path, T value)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value)) faults.Add($"{Section}:{path} is '{value}'; it has to be one of {string.Join(", ", Enum.GetNames<T>())}.");
    }

    private static void Check(List<string> faults, string path, TimeSpan value, TimeSpan least)
    {
        if (value < least || value > Longest)
            faults.Add($"{Section}:{path} is {value}; it has to be between {least} and {Longest} (d.hh:mm:ss).");
    }
}
