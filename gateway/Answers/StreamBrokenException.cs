namespace OrleansCache.Gateway.Answers;

/// <summary>
/// Ends a response that cannot be finished. The server then closes the connection without the mark that ends a chunked body, so that
/// a client which does not know the error event still sees that something is missing.
/// </summary>
internal sealed class StreamBrokenException() : IOException("The stream broke off.");
