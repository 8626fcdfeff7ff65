using Microsoft.Extensions.Options;

namespace OrleansCache.Core.Keys;

internal sealed class PromptKeyOptionsValidator : IValidateOptions<PromptKeyOptions>
{
    private const string Section = "OrleansCache:Cache:";

    public ValidateOptionsResult Validate(string? name, PromptKeyOptions options)
    {
        List<string> failures = [];
        if (!Enum.IsDefined(options.Normalization))
            failures.Add($"{Section}{nameof(options.Normalization)} is {options.Normalization}; it must be Exact or Trim.");
        Check(nameof(options.MaxJsonDepth), options.MaxJsonDepth, 16, 512);
        Check(nameof(options.MemoEntries), options.MemoEntries, 0, 1 << 24);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(string setting, int value, int least, int most)
        {
            if (value < least || value > most) failures.Add($"{Section}{setting} is {value}; it must be from {least} to {most}.");
        }
    }
}
