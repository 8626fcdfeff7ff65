namespace OrleansCache.Core.Keys;

/// <summary>What the key step does with a field beyond hashing it.</summary>
internal enum FieldUse
{
    None,
    Model,
    Stream,
    StreamOptions,
    Temperature,
    Messages,
    Text,
}

/// <summary>A known top-level field of a request.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kinds">The kinds its value may have. Anything else is refused: no upstream accepts it.</param>
/// <param name="Ignored">Why it does not count in the key; null when it counts.</param>
/// <param name="Use">What else is done with it.</param>
internal sealed record PromptField(string Name, JsonKinds Kinds, string? Ignored = null, FieldUse Use = FieldUse.None)
{
    public byte[] Utf8Name { get; } = System.Text.Encoding.UTF8.GetBytes(Name);

    public bool Counts => Ignored is null;

    /// <summary>Whether a request without it is refused: the model, and what the model is asked.</summary>
    public bool IsRequired => Use is FieldUse.Model or FieldUse.Messages or FieldUse.Text;
}

/// <summary>The known fields of one endpoint.</summary>
internal sealed class PromptFieldTable
{
    private readonly PromptField[][] _byLength;

    public PromptFieldTable(params PromptField[] fields)
    {
        Fields = fields;
        Content = fields.Single(f => f.Use is FieldUse.Messages or FieldUse.Text);
        _byLength = [.. Enumerable.Range(0, fields.Max(f => f.Name.Length) + 1)
            .Select(length => fields.Where(f => f.Name.Length == length).ToArray())];
    }

    public IReadOnlyList<PromptField> Fields { get; }

    /// <summary>The field that holds what the model is asked.</summary>
    public PromptField Content { get; }

    public PromptField? Find(ReadOnlySpan<byte> name)
    {
        if (name.Length >= _byLength.Length) return null;
        foreach (var field in _byLength[name.Length])
        {
            if (name.SequenceEqual(field.Utf8Name)) return field;
        }

        return null;
    }
}
