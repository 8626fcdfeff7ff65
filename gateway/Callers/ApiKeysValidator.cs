using Microsoft.Extensions.Options;

namespace OrleansCache.Gateway.Callers;

/// <summary>Names every API key that is configured wrongly; never its secret.</summary>
internal sealed class ApiKeysValidator : IValidateOptions<ApiKeysOptions>
{
    public ValidateOptionsResult Validate(string? name, ApiKeysOptions options)
    {
        var faults = new List<string>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < options.Keys.Count; i++)
            Check($"OrleansCache:ApiKeys:{i}", options.Keys[i], names, hashes, faults);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void Check(
        string setting, ApiKeyOptions key, HashSet<string> names, Dictionary<string, string> hashes, List<string> faults)
    {
        if (!Names.IsValid(key.Name)) faults.Add($"{setting}:Name is '{key.Name}'; it must be {Names.Rule}.");
        else if (!names.Add(key.Name)) faults.Add($"{setting}:Name is '{key.Name}', which another key has; names must be unique.");
        if (!Names.IsValid(key.Tenant)) faults.Add($"{setting}:Tenant is '{key.Tenant}'; it must be {Names.Rule}.");
        var hash = ApiKeySecrets.Hash(key, out var fault);
        if (hash is null) faults.Add($"{setting} ('{key.Name}') {fault}");
        else if (!hashes.TryAdd(Convert.ToHexString(hash), key.Name))
            faults.Add($"{setting} ('{key.Name}') has the same secret as '{hashes[Convert.ToHexString(hash)]}'; give each key its own.");
    }
}
