using OrleansCache.Bench.Harness;

namespace OrleansCache.Bench.Micro;

/// <summary>The steps of the walk, one by one, in this process.</summary>
internal sealed class MicroBenchmark : IBenchmark
{
    public string Name => "micro";

    public string About => "the steps of the walk one by one: time and allocation of each operation";

    public async Task RunAsync(BenchContext context)
    {
        KeyMicro.Run(new MicroTable(context, "Prompt keys"));
        AnswerMicro.Run(new MicroTable(context, "Answers"));
        BudgetMicro.Run(new MicroTable(context, "Memory bound, 100,000 entries"));
        await StoreMicro.RunAsync(new MicroTable(context, "SQLite behind its guard, answers of 1 KB"));
    }
}
