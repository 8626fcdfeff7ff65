using System.Globalization;
using Microsoft.Extensions.Options;
using OrleansCache.Core;

namespace OrleansCache.Gateway.Statistics;

internal sealed class PriceOptionsValidator : IValidateOptions<PriceOptions>
{
    private const decimal Highest = 1_000_000m;

    public ValidateOptionsResult Validate(string? name, PriceOptions options)
    {
        if (options.Prices.Count > 1_000)
            return ValidateOptionsResult.Fail($"OrleansCache:Prices has {options.Prices.Count} prices; at most 1,000 are allowed.");
        var failures = options.Prices.SelectMany(FailuresOf).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> FailuresOf(ModelPrice price, int index)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"OrleansCache:Prices:{index}");
        if (!ModelPattern.IsValid(price.Model))
            yield return $"{path}:Model is '{price.Model}'; it must be a model's name, with at most one '*', at its end.";
        if (price.InputPerMillion is null)
            yield return $"{path}:InputPerMillion is missing; it must be between 0 and {Highest}.";
        if (price.InputPerMillion is < 0 or > Highest)
            yield return $"{path}:InputPerMillion is {price.InputPerMillion}; it must be between 0 and {Highest}.";
        if (price.OutputPerMillion is < 0 or > Highest)
            yield return $"{path}:OutputPerMillion is {price.OutputPerMillion}; it must be between 0 and {Highest}.";
    }
}
