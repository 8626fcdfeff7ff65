namespace OrleansCache.Core.Prompts.Answers.Folding;

/// <summary>How a value and its successor in a later chunk become one. Null never erases, whatever the rule.</summary>
internal enum FoldRule
{
    /// <summary>The last value that is neither null nor empty, as a whole: fields of the chunk itself.</summary>
    Latest,

    /// <summary>Objects field by field, everything else the latest: state that is repeated, such as content filter results.</summary>
    State,

    /// <summary>As <see cref="State"/>, but arrays are joined: logprobs, token ids.</summary>
    Append,

    /// <summary>Strings and arrays are joined, arrays of objects with an <c>index</c> element by element: what a delta holds.</summary>
    Delta,
}
