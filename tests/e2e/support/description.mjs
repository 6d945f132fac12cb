// Holds what the server answers to docs/openapi.yaml: status, content type, schema, headers that are promised.
import { readFileSync } from 'node:fs';
import assert from 'node:assert/strict';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

export const description = parse(readFileSync(new URL('../../../docs/openapi.yaml', import.meta.url), 'utf8'));

const ajv = new Ajv2020.default({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ $id: 'openapi', ...description });

/** Operations that were answered as described, and not with a refusal: see operations.mjs. */
export const seen = new Set();

const escaped = (part) => part.replace(/~/g, '~0').replace(/\//g, '~1');

function faultsOf(pointer, value) {
  const validate = ajv.getSchema(`openapi#${pointer}`);
  assert.ok(validate, `no schema at ${pointer}`);
  if (validate(value)) return [];
  return validate.errors.map((error) => `${error.instancePath} ${error.message}`);
}

/** A value of a named schema, such as the data of an event. */
export function conformsTo(schema, value) {
  assert.deepEqual(faultsOf(`/components/schemas/${schema}`, value), [], `${schema}: ${JSON.stringify(value)}`);
}

export function conforms(method, template, answer) {
  const verb = method.toLowerCase();
  check(verb, template, answer);
  if (answer.status < 400) seen.add(`${verb} ${template}`);
}

function check(verb, template, answer) {
  const operation = description.paths[template]?.[verb];
  assert.ok(operation, `${verb} ${template} is not described`);
  const name = `${verb} ${template} ${answer.status}`;
  let response = operation.responses[String(answer.status)];
  assert.ok(response, `${name} is not described: ${answer.text.slice(0, 300)}`);

  let base = `/paths/${escaped(template)}/${verb}/responses/${answer.status}`;
  if (response.$ref !== undefined) {
    base = response.$ref.slice(1);
    response = description.components.responses[base.split('/').at(-1)];
  }
  for (const [header, { schema }] of Object.entries(response.headers ?? {})) {
    const value = answer.headers[header.toLowerCase()];
    if (schema.const !== undefined) assert.equal(value, schema.const, `${name}: ${header}`);
    if (header === 'Location' || header === 'Set-Cookie') assert.ok(value, `${name}: ${header} is missing`);
  }
  const types = Object.keys(response.content ?? {});
  if (types.length === 0) {
    assert.equal(answer.text, '', `${name} has a body`);
    return;
  }
  const type = (answer.headers['content-type'] ?? '').split(';')[0];
  if (types.includes('*/*')) return;
  assert.ok(types.includes(type), `${name}: ${type} instead of ${types}`);
  if (!type.includes('json')) return;
  assert.notEqual(answer.json, undefined, `${name} is no JSON: ${answer.text.slice(0, 300)}`);
  const faults = faultsOf(`${base}/content/${escaped(type)}/schema`, answer.json);
  assert.deepEqual(faults, [], `${name}: ${answer.text}`);
  if (type === 'application/problem+json') assert.equal(answer.json.status, answer.status, name);
}
