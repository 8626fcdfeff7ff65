using OrleansCache.Standalone;

return await StartUp.RunAsync(() => StandaloneHost.Build(args), Console.Error);
