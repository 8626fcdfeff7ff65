using Microsoft.Extensions.Options;
using OrleansCache.Core.Storage.Postgres;

namespace OrleansCache.Core.Storage;

/// <summary>Names every wrong setting with its value and its bounds.</summary>
internal sealed class StoreOptionsValidator : IValidateOptions<StoreOptions>
{
    public const string Section = "OrleansCache:Store";

    public ValidateOptionsResult Validate(string? name, StoreOptions options)
    {
        var faults = new List<string>();
        Between(faults, nameof(options.ReadDeadline), options.ReadDeadline, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        Between(faults, nameof(options.WriteDeadline), options.WriteDeadline, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        Between(faults, nameof(options.SweepInterval), options.SweepInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        Between(faults, nameof(options.RetryQueueBytes), options.RetryQueueBytes, 0, 16L << 30);
        if (!Enum.IsDefined(options.Kind)) faults.Add(NotAmong<StoreKind>(nameof(options.Kind), options.Kind.ToString()));
        if (!Enum.IsDefined(options.Durability))
            faults.Add(NotAmong<Durability>(nameof(options.Durability), options.Durability.ToString()));
        if (options.Kind == StoreKind.Sqlite) CheckSqlite(faults, options);
        if (options.Kind == StoreKind.Postgres) CheckPostgres(faults, options);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    public static string NotAmong<T>(string setting, string value)
        where T : struct, Enum =>
        $"{Section}:{setting} is '{value}'; it must be one of {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}.";

    private static void CheckSqlite(List<string> faults, StoreOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Path))
            faults.Add($"{Section}:Path is empty; with Kind sqlite it must name a file.");
        else if (options.Path.StartsWith(':') || options.Path.Contains('\0'))
            faults.Add($"{Section}:Path is '{options.Path}'; it must name a file. To keep nothing set {Section}:Kind to none.");
    }

    private static void CheckPostgres(List<string> faults, StoreOptions options)
    {
        var direct = !string.IsNullOrWhiteSpace(options.ConnectionString);
        var file = !string.IsNullOrWhiteSpace(options.ConnectionStringFile);
        if (direct == file)
        {
            faults.Add(direct
                ? $"{Section}:ConnectionString and {Section}:ConnectionStringFile are both set; set one of them."
                : $"{Section}:ConnectionString is missing; with Kind postgres set it or {Section}:ConnectionStringFile.");
            return;
        }

        if (PostgresAddress.Read(options, out var connectionString) is { } unreadable) faults.Add(unreadable);
        else if (PostgresAddress.Check(connectionString) is { } wrong)
            faults.Add($"{Section}:{(direct ? "ConnectionString" : "ConnectionStringFile")} {wrong}");
    }

    private static void Between<T>(List<string> faults, string setting, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            faults.Add($"{Section}:{setting} is {value}; it must be between {least} and {most}.");
    }
}
