namespace OrleansCache.Gateway.Callers;

/// <summary>The API keys that clients may present: section <c>OrleansCache:ApiKeys</c>, a list.</summary>
public sealed class ApiKeysOptions
{
    /// <summary>The keys. None: every caller is anonymous and belongs to tenant <c>default</c>.</summary>
    public List<ApiKeyOptions> Keys { get; set; } = [];
}

/// <summary>One API key. Exactly one of <see cref="Secret"/>, <see cref="SecretFile"/> and <see cref="SecretHash"/> is set.</summary>
public sealed class ApiKeyOptions
{
    /// <summary>What logs and statistics call it. 1 to 64 letters, digits, <c>.</c>, <c>_</c> and <c>-</c>; unique.</summary>
    public string Name { get; set; } = "";

    /// <summary>Who shares completions with it. Same alphabet as <see cref="Name"/>.</summary>
    /// <value>Default: <c>default</c>.</value>
    public string Tenant { get; set; } = "default";

    /// <summary>What clients send as <c>Authorization: Bearer …</c>. 8 to 512 bytes. Forgotten after its hash is taken.</summary>
    public string? Secret { get; set; }

    /// <summary>A file that holds the secret; white space at its ends does not count.</summary>
    public string? SecretFile { get; set; }

    /// <summary>SHA-256 of the secret, 64 hexadecimal digits (<c>printf %s SECRET | sha256sum</c>).</summary>
    public string? SecretHash { get; set; }
}
