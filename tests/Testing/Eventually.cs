namespace OrleansCache.Testing;

/// <summary>For what follows a signal but has none of its own: asks again, yielding in between, until it holds or patience ends.</summary>
public static class Eventually
{
    public static Task TrueAsync(Func<bool> condition, TimeSpan? patience = null) => TrueAsync(() => Task.FromResult(condition()), patience);

    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan? patience = null)
    {
        using var end = new CancellationTokenSource(patience ?? TimeSpan.FromSeconds(20));
        while (!await condition())
        {
            if (end.IsCancellationRequested) throw new TimeoutException("The condition did not come to hold.");
            await Task.Delay(TimeSpan.FromMilliseconds(2));
        }
    }
}
