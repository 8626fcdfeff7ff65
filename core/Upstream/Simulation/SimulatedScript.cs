using System.Globalization;
using System.Text.Json;

namespace OrleansCache.Core.Upstream.Simulation;

/// <summary>
/// What one request asks of the simulation: members of the request's <c>x_simulate</c> object, or <c>+</c>-separated parts of the model's
/// name (<c>gpt-4o+tool_calls</c>, <c>gpt-4o+status=429+retry_after=2</c>) for clients that cannot add a field.
/// </summary>
internal sealed class SimulatedScript
{
    public string? Shape { get; private set; }

    public int Status { get; private set; }

    public string? RetryAfter { get; private set; }

    public TimeSpan? Latency { get; private set; }

    public double? TokensPerSecond { get; private set; }

    /// <summary>Tokens of each choice.</summary>
    public int? Tokens { get; private set; }

    /// <summary>Exact size of the plain answer.</summary>
    public int? Bytes { get; private set; }

    public SimulatedFailure Failure { get; private set; }

    /// <summary>Events before the failure.</summary>
    public int After { get; private set; } = 1;

    /// <summary>Reads the script; null when it asks for something that does not exist.</summary>
    public static SimulatedScript? Read(string model, JsonElement body, out string wrong)
    {
        var script = new SimulatedScript();
        wrong = "";
        var plus = model.IndexOf('+');
        if (plus >= 0)
        {
            foreach (var part in model[(plus + 1)..].Split('+'))
            {
                var equals = part.IndexOf('=');
                var (name, value) = equals < 0 ? ("shape", part) : (part[..equals], part[(equals + 1)..]);
                if (!script.Set(name, value)) return Wrong(name, out wrong);
            }
        }

        if (!body.TryGetProperty("x_simulate", out var members)) return script;
        if (members.ValueKind != JsonValueKind.Object) return Wrong("x_simulate", out wrong);
        foreach (var member in members.EnumerateObject())
        {
            if (!script.Set(member.Name, member.Value.ToString())) return Wrong(member.Name, out wrong);
        }

        return script;
    }

    /// <summary>Makes the call fail in a configured way.</summary>
    public bool Fail(string how)
    {
        if (TryInt(how, 400, 599, out var status))
        {
            Status = status;
            return true;
        }

        if (!TryFailure(how, out var failure)) return false;
        Failure = failure;
        return true;
    }

    private static SimulatedScript? Wrong(string name, out string wrong)
    {
        wrong = name;
        return null;
    }

    private bool Set(string name, string value)
    {
        int number;
        switch (name)
        {
            case "shape":
                Shape = value;
                return value is "text" or "tool_calls" or "reasoning" or "refusal" or "annotations";
            case "status":
                return TryInt(value, 400, 599, out number) && (Status = number) > 0;
            case "retry_after":
                RetryAfter = value;
                return IsSeconds(value);
            case "latency_ms":
                if (!TryInt(value, 0, 600_000, out number)) return false;
                Latency = TimeSpan.FromMilliseconds(number);
                return true;
            case "tokens_per_second":
                if (!TryInt(value, 0, 1_000_000, out number)) return false;
                TokensPerSecond = number;
                return true;
            case "tokens":
                if (!TryInt(value, 1, 1_000_000, out number)) return false;
                Tokens = number;
                return true;
            case "bytes":
                if (!TryInt(value, 1, 64 << 20, out number)) return false;
                Bytes = number;
                return true;
            case "fail":
                if (!TryFailure(value, out var failure)) return false;
                Failure = failure;
                return true;
            case "after":
                if (!TryInt(value, 0, int.MaxValue, out number)) return false;
                After = number;
                return true;
            default:
                return false;
        }
    }

    // It goes out as it is: no sign, no exponent, no white space.
    private static bool IsSeconds(string text) =>
        text.All(c => char.IsAsciiDigit(c) || c == '.')
        && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
        && seconds <= 86_400;

    private static bool TryInt(string text, int min, int max, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= min && value <= max;

    private static bool TryFailure(string text, out SimulatedFailure failure)
    {
        failure = text switch
        {
            "truncate" => SimulatedFailure.Truncate,
            "no_done" => SimulatedFailure.NoDone,
            "malformed" => SimulatedFailure.Malformed,
            "error" => SimulatedFailure.Error,
            "reset" => SimulatedFailure.Reset,
            "stall" => SimulatedFailure.Stall,
            _ => SimulatedFailure.None,
        };
        return failure != SimulatedFailure.None;
    }
}

/// <summary>How an answer goes wrong after it has begun.</summary>
internal enum SimulatedFailure
{
    None,

    /// <summary>Ends with <c>[DONE]</c> but without a finish reason.</summary>
    Truncate,

    /// <summary>Whole, but without <c>[DONE]</c>.</summary>
    NoDone,

    /// <summary>An event that is no JSON.</summary>
    Malformed,

    /// <summary>An error event.</summary>
    Error,

    /// <summary>The connection breaks.</summary>
    Reset,

    /// <summary>Nothing more comes until the idle deadline.</summary>
    Stall,
}
