using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Storage;
using OrleansCache.Core.Upstream;
using OrleansCache.Gateway;
using OrleansCache.Gateway.Admin;

namespace OrleansCache.Standalone;

/// <summary>One process: gateway, in-process owners, store. No other server.</summary>
public static class StandaloneHost
{
    /// <summary>Puts the process together; the caller runs it.</summary>
    /// <param name="args">Configuration on the command line, such as <c>--OrleansCache:Gateway:Listen=http://127.0.0.1:9000</c>.</param>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Configuration.AddPackagedSettings();
        var root = builder.Configuration.GetSection("OrleansCache");

        // Services stop in reverse order: the server first, then the flights, then the store.
        builder.Services.AddStartMessage();
        builder.Services.AddCompletionStore(root.GetSection("Store"));
        builder.Services.AddUpstreams(builder.Configuration);
        builder.Services.AddPromptKeys(root.GetSection("Cache"));
        builder.Services.AddInProcessPromptOwners(root.GetSection("Cache"));
        builder.Services.AddGateway(root);
        builder.Services.AddAdminApi(root);

        var app = builder.Build();
        app.UseGateway();
        app.MapGateway();
        app.MapAdminApi();
        return app;
    }
}
