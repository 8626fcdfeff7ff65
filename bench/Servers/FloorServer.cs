using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrleansCache.Core.Keys;

namespace OrleansCache.Bench.Servers;

/// <summary>
/// The practical floor: bare Kestrel, no routing, no middleware, no logs. Reads the body, hashes it with SHA-256, looks it up in a
/// dictionary and writes the bytes found there; a body that is not known is given an answer first. It serves as the upstream
/// too, so that cache and floor answer with equal bytes.
/// </summary>
internal sealed class FloorServer(int answerBytes, TimeSpan latency)
{
    private readonly ConcurrentDictionary<PromptKey, byte[]> _answers = new();
    private long _calls;

    public static async Task RunAsync(int port, int answerBytes, TimeSpan latency)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.Run(new FloorServer(answerBytes, latency).AnswerAsync);
        await app.RunAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var reader = http.Request.BodyReader;
        var read = await reader.ReadAsync();
        while (!read.IsCompleted)
        {
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await reader.ReadAsync();
        }

        var key = KeyOf(read);
        reader.AdvanceTo(read.Buffer.End);
        if (!_answers.TryGetValue(key, out var answer)) answer = await AnswerNewAsync(http, key);
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = answer.Length;
        await http.Response.BodyWriter.WriteAsync(answer);
    }

    private static PromptKey KeyOf(in System.IO.Pipelines.ReadResult read)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        if (read.Buffer.IsSingleSegment)
        {
            SHA256.HashData(read.Buffer.FirstSpan, digest);
        }
        else
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var segment in read.Buffer) hash.AppendData(segment.Span);
            hash.GetHashAndReset(digest);
        }

        return new PromptKey(digest);
    }

    // As an upstream it is asked how often it was called; its answers are numbered by that.
    private async Task<byte[]> AnswerNewAsync(HttpContext http, PromptKey key)
    {
        if (HttpMethods.IsGet(http.Request.Method)) return SampleAnswers.Count(Interlocked.Read(ref _calls));
        var call = Interlocked.Increment(ref _calls);
        if (latency > TimeSpan.Zero) await Task.Delay(latency, TimeProvider.System);
        return _answers.GetOrAdd(key, SampleAnswers.Chat(call, answerBytes));
    }
}
