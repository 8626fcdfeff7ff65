using Microsoft.Extensions.Options;
using OrleansCache.Bench.Load;
using OrleansCache.Core.Keys;

namespace OrleansCache.Bench.Micro;

/// <summary>Bodies seen before (one digest and one look-up) and new ones (digest, check, canonical form, key).</summary>
internal static class KeyMicro
{
    public static void Run(MicroTable table)
    {
        foreach (var bytes in (int[])[600, 8 << 10, 100 << 10])
        {
            var reader = new PromptReader(Options.Create(new PromptKeyOptions { MemoEntries = 1024 }));
            var known = RequestTemplate.BodyOf(0, bytes);
            var changing = RequestTemplate.BodyOf(0, bytes);
            var number = 0L;
            table.Add($"key of {bytes:N0} bytes, memo hit", () => reader.Read(PromptEndpoint.ChatCompletions, "default", known));
            table.Add($"key of {bytes:N0} bytes, memo miss", () =>
            {
                RequestTemplate.Renumber(changing, ++number);
                reader.Read(PromptEndpoint.ChatCompletions, "default", changing);
            });
        }

        table.Print();
    }
}
