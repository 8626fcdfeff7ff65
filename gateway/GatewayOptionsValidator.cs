using Microsoft.Extensions.Options;

namespace OrleansCache.Gateway;

/// <summary>Names every setting that is out of bounds, with its value and the bounds.</summary>
internal sealed class GatewayOptionsValidator : IValidateOptions<GatewayOptions>
{
    private const string Section = "OrleansCache:Gateway:";

    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        var faults = new List<string>();
        CheckAddresses(faults, options.Listen);
        Check(faults, nameof(options.MaxBodyBytes), options.MaxBodyBytes, 1L << 10, 1L << 30, "bytes");
        Check(faults, nameof(options.MaxHeaderBytes), options.MaxHeaderBytes, 4 << 10, 1 << 20, "bytes");
        Check(faults, nameof(options.MinDataRate), options.MinDataRate, 0, 1e6, "bytes a second");
        Check(faults, nameof(options.DataRateGrace), options.DataRateGrace, TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(10));
        Check(faults, nameof(options.HeadersTimeout), options.HeadersTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        Check(faults, nameof(options.KeepAliveTimeout), options.KeepAliveTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Check(faults, nameof(options.MaxConnections), options.MaxConnections ?? 1, 1, 1_000_000, "connections");
        Check(faults, nameof(options.ShutdownDelay), options.ShutdownDelay, TimeSpan.Zero, TimeSpan.FromMinutes(10));
        Check(faults, nameof(options.ShutdownTimeout), options.ShutdownTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        if (options is { AdminKey: not null, AdminKeyFile: not null })
            faults.Add($"{Section}AdminKey and {Section}AdminKeyFile are both set; set one of them.");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void CheckAddresses(List<string> faults, string listen)
    {
        foreach (var address in ListenAddress.Split(listen))
            if (!ListenAddress.IsValid(address))
                faults.Add($"{Section}Listen is '{address}'; write it as http://HOST:PORT, several separated by ';'.");
        if (string.IsNullOrWhiteSpace(listen))
            faults.Add($"{Section}Listen is empty; write it as http://HOST:PORT, several separated by ';'.");
    }

    private static void Check<T>(List<string> faults, string setting, T value, T least, T most, string unit)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            faults.Add($"{Section}{setting} is {value}; it must be between {least} and {most} ({unit}).");
    }

    private static void Check(List<string> faults, string setting, TimeSpan value, TimeSpan least, TimeSpan most) =>
        Check(faults, setting, value, least, most, "hh:mm:ss");
}
