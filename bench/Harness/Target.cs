namespace OrleansCache.Bench.Harness;

/// <summary>What has to be reached, and whether it was.</summary>
internal static class Target
{
    public const string None = "";

    public static string AtLeast(double value, double bound, string unit = "") => Say(value >= bound, $"≥ {bound:0.##}{unit}");

    public static string AtMost(double value, double bound, string unit = "") => Say(value <= bound, $"≤ {bound:0.##}{unit}");

    private static string Say(bool met, string bound) => $"{bound}: {(met ? "met" : "MISSED")}";
}
