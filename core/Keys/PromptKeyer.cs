using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace OrleansCache.Core.Keys;

/// <summary>Makes the key of a prompt from its canonical text. Pure: the same input gives the same key in every process and version.</summary>
internal sealed class PromptKeyer(PromptKeyOptions options)
{
    /// <summary>Part of every key. It changes when the canonical text does, and then no old entry is ever found again.</summary>
    public const byte KeyVersion = 1;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly StringPool _models = new(4096);
    private readonly SharingPool<PromptHead> _heads = new(4096);

    /// <summary>Reads a body and makes its key.</summary>
    /// <exception cref="InvalidPromptException">The body is not a prompt.</exception>
    public KeyedPrompt Read(PromptEndpoint endpoint, string scope, ReadOnlySpan<byte> body)
    {
        var fields = PromptFields.For(endpoint);
        CheckText(body);
        using var text = new CanonicalText(body.Length + 256);
        text.Prefix("orleanscache/v"u8);
        text.Prefix([KeyVersion, (byte)options.Normalization, (byte)endpoint]);
        WriteScope(text, scope);
        try
        {
            var head = new PromptWalk(fields, body, text, options).Run();
            return new KeyedPrompt(text.ComputeKey(), Share(head));
        }
        catch (JsonException e)
        {
            throw PromptErrors.Malformed(e);
        }
    }

    private static void CheckText(ReadOnlySpan<byte> body)
    {
        if (body.TrimStart(" \t\r\n"u8).IsEmpty) throw PromptErrors.Empty();
        if (body.StartsWith("\uFEFF"u8)) throw PromptErrors.ByteOrderMark();
        if (!Utf8.IsValid(body)) throw PromptErrors.InvalidUtf8(body);
    }

    /// <summary>With its length in front, so that no scope and body can be taken for another scope and body.</summary>
    private static void WriteScope(CanonicalText text, string scope)
    {
        Span<byte> length = stackalloc byte[4];
        var bytes = Strict.GetBytes(scope);
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        text.Prefix(length);
        text.Prefix(bytes);
    }

    private PromptHead Share(PromptHead head) => _heads.Share(head with { Model = _models.Intern(head.Model) });
}
