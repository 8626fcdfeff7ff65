using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace OrleansCache.Standalone.Tests.Harness;

/// <summary>What a process prints, on both of its outputs, and the address that it says it listens on.</summary>
internal sealed partial class ProcessOutput
{
    private readonly Process _process;
    private readonly StringBuilder _text = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open = 2;

    public ProcessOutput(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
    }

    public string Text
    {
        get
        {
            lock (_text) return _text.ToString();
        }
    }

    public void Begin()
    {
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public async Task<Uri> AddressAsync(TimeSpan patience)
    {
        try
        {
            return await _address.Task.WaitAsync(patience);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"The process did not say where it listens:\n{Text}", e);
        }
    }

    [GeneratedRegex(@"listens on (?<url>http://127\.0\.0\.1:\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listening();

    private void Take(string? line)
    {
        // Each output ends with a null.
        if (line is null)
        {
            if (Interlocked.Decrement(ref _open) == 0)
                _address.TrySetException(new InvalidOperationException($"The process ended before it listened:\n{Text}"));
            return;
        }

        lock (_text) _text.AppendLine(line);
        if (Listening().Match(line) is { Success: true } match) _address.TrySetResult(new Uri(match.Groups["url"].Value));
    }
}
