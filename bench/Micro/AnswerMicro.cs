using System.Text;
using OrleansCache.Bench.Servers;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts.Answers;

namespace OrleansCache.Bench.Micro;

/// <summary>Folding, unfolding and judging answers.</summary>
internal static class AnswerMicro
{
    private const int Chunks = 500;

    public static void Run(MicroTable table)
    {
        var chunks = Enumerable.Range(0, Chunks).Select(Chunk).ToArray();
        table.Add($"fold {Chunks} chunks into an answer", () =>
        {
            var folder = new StreamFolder(PromptEndpoint.ChatCompletions);
            foreach (var chunk in chunks) folder.Add(chunk);
            if (folder.ToBody() is null) throw new InvalidDataException($"The chunks do not fold: {folder.Fault}");
        });

        foreach (var bytes in (int[])[1 << 10, 32 << 10])
        {
            var body = SampleAnswers.Chat(1, bytes);
            table.Add($"unfold an answer of {bytes:N0} bytes", () =>
            {
                foreach (var _ in StreamUnfolder.Unfold(PromptEndpoint.ChatCompletions, body)) continue;
            });
            table.Add($"judge an answer of {bytes:N0} bytes", () =>
            {
                if (!StorageGate.Judge(PromptEndpoint.ChatCompletions, 200, body, endedProperly: true).Stores)
                    throw new InvalidDataException("The gate does not let the answer through.");
            });
        }

        table.Print();
    }

    private static ReadOnlyMemory<byte> Chunk(int i)
    {
        const string start = """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"bench-model","choices":[{"index":0,"delta":""";
        return Encoding.ASCII.GetBytes(i switch
        {
            0 => start + """{"role":"assistant","content":""},"finish_reason":null}]}""",
            Chunks - 1 => start + """{},"finish_reason":"stop"}]}""",
            _ => start + $$"""{"content":" word{{i}}"},"finish_reason":null}]}""",
        });
    }
}
