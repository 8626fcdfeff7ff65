using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;

namespace OrleansCache.Standalone;

internal static class PackagedSettings
{
    /// <summary>
    /// Adds the <c>appsettings.json</c> beside the program, under everything else: one in the working directory, environment and
    /// command line win over it.
    /// </summary>
    public static void AddPackagedSettings(this IConfigurationBuilder configuration) =>
        configuration.Sources.Insert(0, new JsonConfigurationSource
        {
            FileProvider = new PhysicalFileProvider(AppContext.BaseDirectory),
            Path = "appsettings.json",
            Optional = true,
        });
}
