using OrleansCache.Core;

namespace OrleansCache.Gateway.Statistics;

/// <summary>What tokens cost at the upstream: section <c>OrleansCache</c>, list <c>Prices</c>. Nothing is known by default.</summary>
public sealed class PriceOptions
{
    /// <summary>Prices per model; the first that matches counts. At most 1,000.</summary>
    /// <value>Default: none; money is then reported as 0 with <c>priced: false</c>.</value>
    public List<ModelPrice> Prices { get; set; } = [];

    internal ModelPrice? Find(string model)
    {
        foreach (var price in Prices)
        {
            if (ModelPattern.Matches(price.Model, model)) return price;
        }

        return null;
    }
}

/// <summary>The price of one family of models, in any one currency; US dollars by convention.</summary>
public sealed class ModelPrice
{
    /// <summary>The model as asked for; one <c>*</c> at the end matches any rest.</summary>
    public string Model { get; set; } = "";

    /// <summary>Price of a million prompt tokens. 0 to 1,000,000; required.</summary>
    public decimal? InputPerMillion { get; set; }

    /// <summary>Price of a million completion tokens. 0 to 1,000,000.</summary>
    /// <value>Default: 0, as embeddings have none.</value>
    public decimal OutputPerMillion { get; set; }

    internal decimal Of(long promptTokens, long completionTokens) =>
        ((promptTokens * InputPerMillion.GetValueOrDefault()) + (completionTokens * OutputPerMillion)) / 1_000_000m;
}
