namespace OrleansCache.Core.Upstream.Recording;

/// <summary>A recording that grows, for its owner alone to read. Each line is one write, flushed whole before the next begins.</summary>
internal sealed class RecordingFile : IDisposable
{
    private readonly Lock _gate = new();
    private readonly FileStream _file;

    public RecordingFile(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) PrivateFile.MakeFolder(folder);
        _file = PrivateFile.Open(path, FileMode.OpenOrCreate);
        EndLastLine();
    }

    public void Append(ReadOnlySpan<byte> line)
    {
        lock (_gate)
        {
            _file.Write(line);
            _file.Flush();
        }
    }

    public void Dispose()
    {
        lock (_gate) _file.Dispose();
    }

    // A line that was cut short stays what it is; the next one begins on a line of its own.
    private void EndLastLine()
    {
        if (_file.Length == 0) return;
        _file.Seek(-1, SeekOrigin.End);
        var cut = _file.ReadByte() != '\n';
        _file.Seek(0, SeekOrigin.End);
        if (cut) _file.WriteByte((byte)'\n');
    }
}
