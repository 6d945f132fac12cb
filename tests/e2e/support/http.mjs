// One HTTP request to this machine, with any Host header (fetch forbids that), redirects not followed.
import { request as httpRequest } from 'node:http';

/** {status, headers, cookies, bytes, text, json} of the answer. `json` is undefined when the body is none. */
export function ask(port, { method = 'GET', path = '/', headers = {}, body, timeoutMs = 20_000 } = {}) {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(parts);
        const text = bytes.toString('utf8');
        const cookies = response.headers['set-cookie'] ?? [];
        resolve({ status: response.statusCode, headers: response.headers, cookies, bytes, text, json: parsed(text) });
      });
    });
    request.setTimeout(timeoutMs, () => request.destroy(new Error(`${method} ${path}: no answer in ${timeoutMs} ms`)));
    request.on('error', reject);
    request.end(body);
  });
}

/** What an answer of the API came to: its status, and the code of a problem. */
export function codeOf(answer) {
  return [answer.status, answer.json?.code];
}

export function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads server-sent events until `isEnough(events)` or the server ends the stream: [{event, data}], and why it ended. */
export function listen(port, { path, headers = {}, isEnough = () => false, onEvent = () => {}, timeoutMs = 20_000 }) {
  return new Promise((resolve, reject) => {
    const events = [];
    let rest = '';
    const request = httpRequest({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
      const finish = (ended) => {
        clearTimeout(timer);
        request.destroy();
        resolve({ status: response.statusCode, headers: response.headers, events, ended });
      };
      response.setEncoding('utf8');
      response.on('data', (part) => {
        rest += part;
        for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
          const event = readEvent(rest.slice(0, end));
          rest = rest.slice(end + 2);
          if (event === null) continue;
          events.push(event);
          onEvent(event);
          if (isEnough(events)) return finish('enough');
        }
      });
      response.on('end', () => finish('server'));
      response.on('error', () => {});
    });
    const timer = setTimeout(() => {
      request.destroy();
      reject(new Error(`${path}: the events did not come: ${JSON.stringify(events).slice(0, 500)}`));
    }, timeoutMs);
    request.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    request.end();
  });
}

/** null for a comment, which only keeps the stream open. */
function readEvent(block) {
  const event = { event: 'message', data: '' };
  let hasData = false;
  for (const line of block.split('\n')) {
    if (line.startsWith('event:')) event.event = line.slice(6).trim();
    if (line.startsWith('data:')) {
      event.data += line.slice(5).trim();
      hasData = true;
    }
  }
  return hasData ? event : null;
}
