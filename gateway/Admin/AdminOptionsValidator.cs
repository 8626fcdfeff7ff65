using Microsoft.Extensions.Options;

namespace OrleansCache.Gateway.Admin;

internal sealed class AdminOptionsValidator : IValidateOptions<AdminOptions>
{
    private static readonly TimeSpan LeastDeadline = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MostDeadline = TimeSpan.FromMinutes(1);

    public ValidateOptionsResult Validate(string? name, AdminOptions options)
    {
        var faults = new List<string>();
        if (options.MaxLineBytes is < 1 << 10 or > 1 << 30)
            faults.Add($"OrleansCache:Admin:MaxLineBytes is {options.MaxLineBytes}; it must be between 1024 and 1073741824 (bytes).");
        if (options.StoreDeadline < LeastDeadline || options.StoreDeadline > MostDeadline)
            faults.Add($"OrleansCache:Admin:StoreDeadline is {options.StoreDeadline}; it must be between {LeastDeadline} and {MostDeadline}.");
        if (options.NearestCandidates is < 0 or > 1_000)
            faults.Add($"OrleansCache:Admin:NearestCandidates is {options.NearestCandidates}; it must be between 0 and 1000 (entries).");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
