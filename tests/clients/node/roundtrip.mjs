// node roundtrip.mjs http://127.0.0.1:8080/v1
// Asks everything twice, plain and streamed, and compares: the second time from the cache, and equal in every field.
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { fold } from './fold.mjs';

const client = new OpenAI({ baseURL: process.argv[2], apiKey: 'unused', maxRetries: 0 });

const tool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather of a place',
    parameters: { type: 'object', properties: { place: { type: 'string' }, days: { type: 'integer' } }, required: ['place', 'days'] },
  },
};

const shapes = {
  text: {},
  'tool calls in parallel': { tools: [tool] },
  'several choices': { n: 3 },
  logprobs: { logprobs: true, top_logprobs: 2 },
  reasoning: { x_simulate: { shape: 'reasoning' } },
  refusal: { x_simulate: { shape: 'refusal' } },
  annotations: { x_simulate: { shape: 'annotations' } },
  'structured output': {
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'place', schema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } },
    },
  },
};

const question = (name, form) => ({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: `How about ${name}, ${form} first?` }], ...shapes[name] });
const plainJson = (value) => JSON.parse(JSON.stringify(value));

async function ask(endpoint, body, expected) {
  const { data, response } = await endpoint.create(body).withResponse();
  assert.equal(response.headers.get('x-cache'), expected, JSON.stringify(body));
  return plainJson(data);
}

async function stream(body, expected) {
  const { data, response } = await client.chat.completions
    .create({ ...body, stream: true, stream_options: { include_usage: true } })
    .withResponse();
  assert.equal(response.headers.get('x-cache'), expected, JSON.stringify(body));
  return plainJson(await fold(data));
}

const chat = client.chat.completions;
for (const name of Object.keys(shapes)) {
  const plainFirst = question(name, 'plain');
  const plain = await ask(chat, plainFirst, 'MISS');
  assert.deepEqual(await ask(chat, plainFirst, 'HIT'), plain, `${name}: plain from plain`);
  assert.deepEqual(await stream(plainFirst, 'HIT'), plain, `${name}: stream from plain`);

  const streamFirst = question(name, 'stream');
  const streamed = await stream(streamFirst, 'MISS');
  assert.deepEqual(await stream(streamFirst, 'HIT'), streamed, `${name}: stream from stream`);
  assert.deepEqual(await ask(chat, streamFirst, 'HIT'), streamed, `${name}: plain from stream`);
}

const [{ message }] = (await ask(chat, question('tool calls in parallel', 'plain'), 'HIT')).choices;
assert.equal(message.tool_calls.length, 2);
for (const call of message.tool_calls) assert.equal(typeof JSON.parse(call.function.arguments).days, 'number');
assert.equal((await ask(chat, question('several choices', 'stream'), 'HIT')).choices.length, 3);

const embed = { model: 'text-embedding-3-small', input: ['one', 'two'], dimensions: 64 };
const vectors = await ask(client.embeddings, embed, 'MISS');
assert.equal(vectors.data[1].embedding.length, 64);
assert.deepEqual(await ask(client.embeddings, embed, 'HIT'), vectors);

const legacy = { model: 'gpt-3.5-turbo-instruct', prompt: 'Once upon a time', max_tokens: 9 };
assert.deepEqual(await ask(client.completions, legacy, 'MISS'), await ask(client.completions, legacy, 'HIT'));

const models = await client.models.list();
assert.ok(models.data.some((model) => model.id === 'gpt-4o-mini'));
await assert.rejects(ask(chat, { ...question('text', 'never'), x_simulate: { status: 429 } }), (error) => error.status === 429);

console.log('All round trips are equal.');
