using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;
using OrleansCache.Gateway.Answers;
using OrleansCache.Gateway.Tests.Hosting;

namespace OrleansCache.Gateway.Tests.Answers;

public sealed class JsonAnswerTests
{
    // The bound of the server's own response buffer.
    private const int Buffer = 64 << 10;

    [Theory]
    [InlineData(1)]
    [InlineData(128 << 10)]
    [InlineData((128 << 10) + 1)]
    [InlineData(5_000_000)]
    public async Task Write_ToAReaderWhoTakesLittle_NeverLaysMoreThanTwoSlicesBefore(int size)
    {
        var body = new byte[size];
        new Random(7).NextBytes(body);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: Buffer, resumeWriterThreshold: Buffer / 2, useSynchronizationContext: false));
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpResponseBodyFeature>(new Body(pipe.Writer));

        var writing = JsonAnswer.WriteAsync(http, Of(body)).AsTask();
        var taken = new MemoryStream();
        while (taken.Length < size)
        {
            var read = await pipe.Reader.ReadAsync().AsTask().WaitAsync(GatewayHost.Patience);
            read.Buffer.Length.ShouldBeLessThanOrEqualTo(128 << 10);
            var some = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, 10_000));
            taken.Write(some.ToArray());
            pipe.Reader.AdvanceTo(some.End);
        }

        await writing.WaitAsync(GatewayHost.Patience);
        taken.ToArray().AsSpan().SequenceEqual(body).ShouldBeTrue();
        http.Response.ContentLength.ShouldBe(size);
    }

    [Fact]
    public async Task Write_ReaderGone_SaysSo()
    {
        var pipe = new Pipe();
        pipe.Reader.Complete();
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpResponseBodyFeature>(new Body(pipe.Writer));

        // Shouldly would see a cancelled task, not what it was cancelled with.
        var fault = await Record.ExceptionAsync(() => JsonAnswer.WriteAsync(http, Of(new byte[1 << 20])).AsTask());

        fault.ShouldBeOfType<ClientLeftException>();
    }

    private static Completion Of(byte[] body) => new()
    {
        Body = body,
        Scope = "default",
        Model = "m",
        Endpoint = PromptEndpoint.ChatCompletions,
        Tags = [],
        CreatedAt = 0,
        FreshUntil = 1,
        KeepUntil = 1,
        Usage = default,
        UpstreamMilliseconds = 0,
    };

    private sealed class Body(PipeWriter writer) : IHttpResponseBodyFeature
    {
        public Stream Stream => writer.AsStream();

        public PipeWriter Writer => writer;

        public Task CompleteAsync() => Task.CompletedTask;

        public void DisableBuffering()
        {
        }

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
    }
}
