using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace OrleansCache.Core.Keys;

/// <summary>
/// Reads a request's body: its prompt key and what the walk needs to know of it. Bodies seen before, byte for byte, cost one
/// SHA-256 over their bytes and no allocation; others are checked and brought into canonical form.
/// </summary>
public sealed class PromptReader
{
    private const int MaxStackPrefix = 256;

    [ThreadStatic]
    private static IncrementalHash? _hash;

    private readonly PromptKeyer _keyer;
    private readonly PromptMemo? _memo;
    private readonly KeysMetrics? _metrics;

    /// <summary>Makes a reader; one for the process.</summary>
    /// <param name="options">Validated options.</param>
    /// <param name="metrics">Counts what is read; null counts nothing.</param>
    public PromptReader(IOptions<PromptKeyOptions> options, KeysMetrics? metrics = null)
    {
        _keyer = new PromptKeyer(options.Value);
        _memo = options.Value.MemoEntries == 0 ? null : new PromptMemo(options.Value.MemoEntries);
        _metrics = metrics;
        metrics?.ObserveMemo(() => _memo?.Count ?? 0);
    }

    /// <summary>Reads a body. Safe from any thread.</summary>
    /// <param name="endpoint">The endpoint that it was sent to.</param>
    /// <param name="scope">The boundary inside which answers are shared; part of the key.</param>
    /// <param name="body">The whole body, as it came.</param>
    /// <exception cref="InvalidPromptException">The body is not a prompt of that endpoint: answer with its status, code and param.</exception>
    /// <exception cref="ArgumentException">The scope is not valid Unicode.</exception>
    public KeyedPrompt Read(PromptEndpoint endpoint, string scope, ReadOnlySpan<byte> body)
    {
        if (_memo is null) return Make(endpoint, scope, body);
        var digest = Digest(endpoint, scope, body);
        if (_memo.TryGet(digest, out var known)) return known;
        var prompt = Make(endpoint, scope, body);
        _memo.Add(digest, prompt);
        return prompt;
    }

    private KeyedPrompt Make(PromptEndpoint endpoint, string scope, ReadOnlySpan<byte> body)
    {
        try
        {
            var prompt = _keyer.Read(endpoint, scope, body);
            _metrics?.Read(endpoint);
            return prompt;
        }
        catch (InvalidPromptException e)
        {
            _metrics?.Refused(endpoint, e.Code);
            throw;
        }
    }

    /// <summary>SHA-256 over endpoint, length of the scope, scope and body.</summary>
    private static PromptKey Digest(PromptEndpoint endpoint, string scope, ReadOnlySpan<byte> body)
    {
        const int head = 1 + sizeof(int);
        var most = head + Encoding.UTF8.GetMaxByteCount(scope.Length);
        var rented = most > MaxStackPrefix ? ArrayPool<byte>.Shared.Rent(most) : null;
        var prefix = rented ?? stackalloc byte[MaxStackPrefix];
        var length = Encoding.UTF8.GetBytes(scope, prefix[head..]);
        prefix[0] = (byte)endpoint;
        BinaryPrimitives.WriteInt32LittleEndian(prefix[1..], length);

        Span<byte> digest = stackalloc byte[PromptKey.Size];
        var hash = _hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(prefix[..(head + length)]);
        hash.AppendData(body);
        hash.GetHashAndReset(digest);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        return new PromptKey(digest);
    }
}
