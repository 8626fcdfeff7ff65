using System.Text;

namespace OrleansCache.Standalone.Tests.Harness;

/// <summary>A streamed answer that is read while it is being written.</summary>
internal sealed class LiveAnswer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpResponseMessage _response;
    private readonly Stream _stream;
    private readonly MemoryStream _read = new();

    private LiveAnswer(HttpResponseMessage response, Stream stream) => (_response, _stream) = (response, stream);

    public string Source => Received.Header(_response, "x-cache");

    /// <summary>What has been read.</summary>
    public string Text => Encoding.UTF8.GetString(_read.ToArray());

    /// <summary>Asks, and waits for the first bytes of the body.</summary>
    public static async Task<LiveAnswer> OpenAsync(HttpClient http, ChatBody body)
    {
        using var request = Received.Request(body);
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience);
        response.EnsureSuccessStatusCode();
        var answer = new LiveAnswer(response, await response.Content.ReadAsStreamAsync());
        await answer.ReadSomeAsync();
        return answer;
    }

    /// <summary>Reads what there is, at least one byte unless the answer has ended.</summary>
    public async Task<bool> ReadSomeAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var buffer = new byte[4096];
        var length = await _stream.ReadAsync(buffer, patience.Token);
        _read.Write(buffer, 0, length);
        return length > 0;
    }

    /// <summary>Reads to the end.</summary>
    /// <returns>The whole body.</returns>
    public async Task<string> ReadToEndAsync()
    {
        while (await ReadSomeAsync())
        {
        }

        return Text;
    }

    /// <summary>Hangs up.</summary>
    public void Dispose() => _response.Dispose();
}
