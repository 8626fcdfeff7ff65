using System.Numerics;

namespace OrleansCache.Core.Tests.Keys;

/// <summary>A JSON value by meaning, without a spelling.</summary>
internal abstract record Json;

internal sealed record JsonText(string Value) : Json;

internal sealed record JsonLiteral(string Value) : Json;

/// <summary>Digits times ten to the power.</summary>
internal sealed record JsonDecimal(BigInteger Digits, int Power) : Json;

internal sealed record JsonList(Json[] Items) : Json;

internal sealed record JsonMap((string Name, Json Value)[] Members) : Json;
