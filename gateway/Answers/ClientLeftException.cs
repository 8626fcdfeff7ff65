namespace OrleansCache.Gateway.Answers;

/// <summary>
/// The connection took no more of the answer. The server notices that before it cancels
/// <see cref="Microsoft.AspNetCore.Http.HttpContext.RequestAborted"/>, so that token alone does not tell this from a stop.
/// </summary>
internal sealed class ClientLeftException() : OperationCanceledException("The client has left.");
