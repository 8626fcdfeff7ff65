using System.Runtime.Versioning;

// Each test has processes of its own and measures or kills them: together they would slow each other past their deadlines.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

// Signals and shell scripts.
[assembly: UnsupportedOSPlatform("windows")]
