using OrleansCache.Core.Prompts;

namespace OrleansCache.Core.Tests.Prompts.Memory;

public static class EvictionKinds
{
    public static TheoryData<EvictionKind> All { get; } = new(Enum.GetValues<EvictionKind>());
}
