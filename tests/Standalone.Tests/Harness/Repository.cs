namespace OrleansCache.Standalone.Tests.Harness;

/// <summary>The folder of the sources that these tests were built from.</summary>
internal static class Repository
{
    public static string Folder { get; } = Find();

    public static string File(string path) => Path.Combine(Folder, path);

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "OrleansCache.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"OrleansCache.sln is in no folder above {AppContext.BaseDirectory}.");
    }
}
