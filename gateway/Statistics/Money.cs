namespace OrleansCache.Gateway.Statistics;

/// <summary>Money over several models, worked out from tokens at today's prices.</summary>
internal sealed class Money
{
    public decimal Saved { get; private set; }

    public decimal Spent { get; private set; }

    /// <summary>Whether every model that had tokens had a price.</summary>
    public bool Priced { get; private set; } = true;

    public void Add(PairSum pair, ModelPrice? price)
    {
        var (saved, spent) = (TokensOf(pair, CounterStripe.SavedPromptTokens), TokensOf(pair, CounterStripe.SpentPromptTokens));
        if (price is null)
        {
            Priced &= saved == default && spent == default;
            return;
        }

        Saved += price.Of(saved.Prompt, saved.Completion);
        Spent += price.Of(spent.Prompt, spent.Completion);
    }

    private static (long Prompt, long Completion) TokensOf(PairSum pair, int slot) => (pair.Sum[slot], pair.Sum[slot + 1]);
}
