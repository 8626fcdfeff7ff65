using OrleansCache.Bench;

return await Verbs.RunAsync(args);
