using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using OrleansCache.Core;

namespace OrleansCache.Standalone;

/// <summary>What the operator can put right, in words; anything else is a defect of ours and keeps its stack trace.</summary>
internal static class StartFaults
{
    public static IReadOnlyList<string> Explain(Exception fault) => fault switch
    {
        OptionsValidationException options => [.. options.Failures],
        AggregateException all => Together(all.InnerExceptions),
        OrleansCacheException own => [own.Message],
        IOException { InnerException: AddressInUseException } busy =>
            [$"{busy.Message} Stop what listens there, or set OrleansCache:Gateway:Listen to another address."],
        SocketException or IOException { InnerException: SocketException } => [$"Listening failed: {fault.Message}"],
        InvalidDataException file => [$"{file.Message} {file.InnerException?.Message}".TrimEnd()],
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } binding => [BindingFaults.Explain(binding.Message)],
        _ => [],
    };

    private static string[] Together(IEnumerable<Exception> faults)
    {
        var lines = faults.Select(Explain).ToList();
        return lines.Exists(static l => l.Count == 0) ? [] : [.. lines.SelectMany(static l => l)];
    }
}
