using System.Buffers;

namespace OrleansCache.Core.Upstream.OpenAi;

/// <summary>Reads a plain answer whole.</summary>
internal static class BodyReader
{
    private const int FirstBuffer = 16 * 1024;

    /// <param name="stream">Bounded by its own limit.</param>
    /// <param name="length">The announced length, already within the bound; null when none was announced.</param>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(AnswerStream stream, long? length)
    {
        if (length is { } known) return await ReadKnownAsync(stream, new byte[known]);
        var pooled = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        var filled = 0;
        try
        {
            while (true)
            {
                var read = await stream.ReadAsync(pooled.AsMemory(filled));
                if (read == 0) return pooled.AsSpan(0, filled).ToArray();
                filled += read;
                if (filled == pooled.Length) pooled = Grow(pooled);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(pooled);
        }
    }

    private static async ValueTask<ReadOnlyMemory<byte>> ReadKnownAsync(AnswerStream stream, byte[] body)
    {
        var filled = 0;
        while (filled < body.Length)
        {
            var read = await stream.ReadAsync(body.AsMemory(filled));
            if (read == 0) break;
            filled += read;
        }

        return body.AsMemory(0, filled);
    }

    private static byte[] Grow(byte[] full)
    {
        var larger = ArrayPool<byte>.Shared.Rent(full.Length * 2);
        full.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(full);
        return larger;
    }
}
