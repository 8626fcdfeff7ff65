using System.Buffers;
using System.Runtime.CompilerServices;

namespace OrleansCache.Gateway.Admin.Transfer;

/// <summary>A line of an upload.</summary>
/// <param name="Number">From 1; empty lines count.</param>
/// <param name="Bytes">Without its end; null when it is longer than the bound.</param>
internal readonly record struct UploadLine(long Number, byte[]? Bytes);

/// <summary>Cuts an upload of any length into lines. Holds one line at a time; what is too long is skipped, not kept.</summary>
internal static class LineReader
{
    private const int Piece = 64 << 10;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    public static async IAsyncEnumerable<UploadLine> ReadAsync(
        Stream upload, int maxBytes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var line = new LineBuffer(maxBytes);
        var piece = new byte[Piece];
        long number = 1;
        for (int read; (read = await upload.ReadAsync(piece, cancellationToken)) > 0;)
        {
            for (var rest = piece.AsMemory(0, read); !rest.IsEmpty;)
            {
                var end = rest.Span.IndexOf((byte)'\n');
                line.Append(end < 0 ? rest.Span : rest.Span[..end]);
                if (end < 0) break;
                if (line.Take(number++) is { } whole) yield return whole;
                rest = rest[(end + 1)..];
            }
        }

        if (line.Take(number) is { } last) yield return last;
    }

    private sealed class LineBuffer(int maxBytes)
    {
        private ArrayBufferWriter<byte> _bytes = new(Piece);
        private bool _tooLong;

        public void Append(ReadOnlySpan<byte> more)
        {
            _tooLong |= _bytes.WrittenCount + (long)more.Length > maxBytes;
            if (!_tooLong) _bytes.Write(more);
        }

        /// <summary>The line that has ended; null when it was empty.</summary>
        public UploadLine? Take(long number)
        {
            var text = _bytes.WrittenSpan;
            if (number == 1 && text.StartsWith(ByteOrderMark)) text = text[ByteOrderMark.Length..];
            text = text.Trim(" \t\r"u8);
            UploadLine? line = _tooLong ? new UploadLine(number, null) : text.IsEmpty ? null : new UploadLine(number, text.ToArray());
            if (_bytes.Capacity > 4 * Piece) _bytes = new ArrayBufferWriter<byte>(Piece);
            else _bytes.ResetWrittenCount();
            _tooLong = false;
            return line;
        }
    }
}
