using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using OrleansCache.Core.Prompts;
using OrleansCache.Gateway.Errors;

namespace OrleansCache.Gateway.Requests;

/// <summary>
/// Reads a body up to a bound. One that has arrived whole in one piece is used where it lies; any other is gathered in a pooled
/// buffer that grows with what has arrived, not with what was announced.
/// </summary>
internal sealed class BodyReader(long maxBytes)
{
    private const int SmallestBuffer = 16 << 10;
    private const int LargestFirstBuffer = 1 << 20;

    /// <exception cref="OperationCanceledException">The caller has left.</exception>
    public async ValueTask<BodyLease> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength > maxBytes) return BodyLease.Refused(Refusals.TooLarge(maxBytes));
        try
        {
            var reader = request.BodyReader;
            // Without a token: the server fails the read itself when the caller leaves, and asking for RequestAborted makes one each time.
            var read = await reader.ReadAsync(CancellationToken.None);
            if (read.Buffer.IsSingleSegment && read.Buffer.Length == request.ContentLength && read.Buffer.Length > 0)
                return BodyLease.InPlace(read.Buffer, reader);
            return await GatherAsync(reader, read, request.ContentLength ?? 0);
        }
        catch (BadHttpRequestException e)
        {
            return BodyLease.Refused(e.StatusCode == StatusCodes.Status408RequestTimeout ? Refusals.SlowBody : Refusals.TruncatedBody);
        }
        catch (Exception e) when (e is ConnectionResetException or ConnectionAbortedException)
        {
            throw new OperationCanceledException("The caller left while sending.", e);
        }
    }

    private async ValueTask<BodyLease> GatherAsync(PipeReader reader, ReadResult read, long announced)
    {
        var rented = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(announced, SmallestBuffer, LargestFirstBuffer));
        var length = 0;
        try
        {
            while (true)
            {
                var buffer = read.Buffer;
                var fits = length + buffer.Length <= maxBytes;
                if (fits) length = Append(ref rented, length, buffer);
                reader.AdvanceTo(buffer.End);
                if (!fits) return Refuse(rented, Refusals.TooLarge(maxBytes));
                if (read.IsCompleted) break;
                read = await reader.ReadAsync(CancellationToken.None);
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(rented);
            throw;
        }

        return length == 0 ? Refuse(rented, Refusals.EmptyBody) : BodyLease.Pooled(rented, length);
    }

    private static BodyLease Refuse(byte[] rented, Refusal refusal)
    {
        ArrayPool<byte>.Shared.Return(rented);
        return BodyLease.Refused(refusal);
    }

    private static int Append(ref byte[] rented, int used, in ReadOnlySequence<byte> more)
    {
        var needed = used + (int)more.Length;
        if (rented.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, (int)Math.Min(rented.Length * 2L, Array.MaxLength)));
            rented.AsSpan(0, used).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(rented);
            rented = larger;
        }

        more.CopyTo(rented.AsSpan(used));
        return needed;
    }
}
