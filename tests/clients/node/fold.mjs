// Puts a chat's chunks together again, as an application would that wants the whole answer.
export async function fold(stream) {
  const answer = { choices: [] };
  for await (const chunk of stream) {
    const { choices, usage, object, ...rest } = chunk;
    Object.assign(answer, rest);
    if (usage) answer.usage = usage;
    for (const part of choices) addChoice((answer.choices[part.index] ??= { index: part.index, message: {}, logprobs: null }), part);
  }
  return { ...answer, object: 'chat.completion' };
}

function addChoice(choice, { delta, finish_reason, logprobs }) {
  if (finish_reason) choice.finish_reason = finish_reason;
  if (logprobs) {
    choice.logprobs ??= {};
    for (const [name, tokens] of Object.entries(logprobs)) {
      choice.logprobs[name] = tokens === null ? choice.logprobs[name] ?? null : [...(choice.logprobs[name] ?? []), ...tokens];
    }
  }
  const { tool_calls = [], ...fields } = delta;
  for (const [name, value] of Object.entries(fields)) {
    const before = choice.message[name];
    if (name === 'role' || typeof value !== 'string' || typeof before !== 'string') choice.message[name] = value ?? before ?? null;
    else choice.message[name] = before + value;
  }
  for (const { index, id, type, function: named } of tool_calls) {
    choice.message.tool_calls ??= [];
    const call = (choice.message.tool_calls[index] ??= { id, type, function: { name: named.name, arguments: '' } });
    call.function.arguments += named.arguments ?? '';
  }
}
