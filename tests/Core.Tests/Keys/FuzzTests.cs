using System.Text;
using OrleansCache.Core.Keys;
using Microsoft.Extensions.Options;

namespace OrleansCache.Core.Tests.Keys;

public sealed class FuzzTests
{
    [Fact]
    public void Read_MutatedBodies_ThrowsNothingButInvalidPrompt()
    {
        var random = new Random(42);
        var explainer = new PromptExplainer(Options.Create(new PromptKeyOptions()));
        var trimming = new PromptKeyer(new PromptKeyOptions { Normalization = PromptNormalization.Trim, MaxJsonDepth = 16 });
        int accepted = 0, refused = 0;
        for (var i = 0; i < 6_000; i++)
        {
            var body = new JsonSpeller(random).Spell(new JsonMaker(random).Prompt());
            var mutated = Mutate(random, body);
            var endpoint = (PromptEndpoint)random.Next(1, 4);
            try
            {
                trimming.Read(endpoint, "s", mutated);
                Keying.Read(mutated, endpoint);
                accepted++;
            }
            catch (InvalidPromptException)
            {
                refused++;
            }

            explainer.Describe(endpoint, mutated);
            explainer.Compare(endpoint, body, mutated).Similarity.ShouldBeInRange(0, 1);
        }

        accepted.ShouldBeGreaterThan(100);
        refused.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void Read_RandomBytes_ThrowsNothingButInvalidPrompt()
    {
        var random = new Random(43);
        for (var i = 0; i < 3000; i++)
        {
            var body = new byte[random.Next(40)];
            random.NextBytes(body);
            if (random.Next(2) == 0) body = [(byte)'{', .. body];
            Keying.Refused(body);
        }
    }

    private static byte[] Mutate(Random random, byte[] body)
    {
        var bytes = body.ToList();
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveAt(at); break;
                case 2: bytes.Insert(at, Encoding.ASCII.GetBytes("{}[]\",:\\0e-")[random.Next(11)]); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(random.Next(at + 1), random.Next(bytes.Count - at))); break;
                default: bytes[at] = (byte)"0a \\u\"n"[random.Next(7)]; break;
            }

            if (bytes.Count == 0) bytes.Add((byte)'{');
        }

        return [.. bytes];
    }
}
