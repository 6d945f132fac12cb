// The customer API over the café in world.mjs, and the built portal, on 127.0.0.1.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';
import { banks } from './banks.mjs';
import { gatewayPage, returned } from './gateway.mjs';
import { pngOf, svgOf } from './qr.mjs';
import { problem, World } from './world.mjs';

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};
/** As strict as the real server's, so that the tests see what it would refuse. */
const securityHeaders = {
  'Content-Security-Policy':
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self' http: https:; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/** Starts the mock. `dist`: the built portal, or null for the API alone. `port` 0 takes a free one. */
export async function startMock({ dist = null, port = 0, script = {} } = {}) {
  const world = new World(script);
  const open = new Set();
  const server = createServer((request, response) => {
    handle(world, dist, request, response).catch((error) => {
      console.error(error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  world.origin = `http://127.0.0.1:${server.address().port}`;
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      for (const socket of open) socket.destroy();
    });
  return { url: world.origin, world, close };
}

async function handle(world, dist, request, response) {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname === '/p') {
    response.writeHead(302, { Location: `/?v=${encodeURIComponent(world.newVisit())}` });
    return response.end();
  }
  if (url.pathname.startsWith('/mock/gateway/')) return gatewayPage(world, url, response);
  if (url.pathname.startsWith('/r/')) return returned(world, url, response);
  if (!url.pathname.startsWith('/api/v1/')) return file(dist, url.pathname, request, response);
  if (world.script.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, world.script.latencyMs));
  if (world.script.down) return request.socket.destroy();

  const language = /^en\b/.test(request.headers['accept-language'] ?? '') ? 'en' : 'vi';
  const visit = request.headers['x-iwas-visit'] ?? url.searchParams.get('v') ?? 'visit.none';
  const call = { world, request, response, url, language, visit, path: url.pathname.slice('/api/v1'.length) };
  if (request.method === 'GET') return get(call);
  if (request.method === 'POST') return post(call);
  if (request.method === 'PATCH' || request.method === 'DELETE') return changeSaved(call);
  return send(call, problem('NOT_FOUND'));
}

function send({ response }, body, status = body?.code === undefined ? 200 : body.status, headers = {}) {
  const bad = body?.code !== undefined && body?.action !== undefined;
  response.writeHead(status, {
    'Content-Type': bad ? 'application/problem+json' : 'application/json',
    'Cache-Control': 'no-store',
    ...headers,
  });
  response.end(body === null ? undefined : JSON.stringify(body));
}

const fault = (code) => (typeof code === 'string' && code !== 'empty' ? problem(code) : code);

function get(call) {
  const { world, path, language } = call;
  const { script } = world;
  const purchase = /^\/purchases\/([^/]+)(?:\/(events|qr\.svg|qr\.png|receipt|receipt\.pdf))?$/.exec(path);
  if (purchase !== null) return getPurchase(call, decodeURIComponent(purchase[1]), purchase[2] ?? '');
  const binding = /^\/wallet\/bindings\/([^/]+)$/.exec(path);
  if (binding !== null) return getBinding(call, binding[1]);
  switch (path) {
    case '/portal':
      return send(call, fault(script.portal) ?? world.portal(call.visit, language));
    case '/packages':
      if (script.packages !== null && script.packages !== 'empty') return send(call, fault(script.packages));
      return send(call, { packages: world.packages(language) });
    case '/balance':
      return send(call, world.balance() ?? problem('NOT_SIGNED_IN'));
    case '/sessions/current':
      return send(call, { session: world.view(world.current()) });
    case '/sessions/current/events':
      if (world.current() === null) return send(call, problem('NOT_FOUND'));
      return events(
        call,
        'session',
        () => world.view(world.current()),
        (session) => !/pending|active|paused/.test(session.state),
      );
    case '/devices':
      return send(call, world.account === null ? problem('NOT_SIGNED_IN') : world.deviceList());
    case '/history':
      return send(call, world.account === null ? problem('NOT_SIGNED_IN') : world.history(filterOf(call.url)));
    case '/payment-methods':
      if (world.account === null) return send(call, problem('NOT_SIGNED_IN'));
      return send(call, fault(script.methods ?? null) ?? world.payments.methods());
    case '/banks':
      return send(call, { banks });
    case '/wallet':
      return send(call, world.account?.kind === 'member' ? world.wallet.view() : problem('NOT_SIGNED_IN'));
    default:
      return send(call, problem('NOT_FOUND'));
  }
}

const filterOf = ({ searchParams }) => ({
  cursor: searchParams.get('cursor'),
  state: searchParams.get('state'),
  method: searchParams.get('method'),
});

function getBinding(call, id) {
  const binding = call.world.wallet.bindings.get(id);
  return send(call, binding === undefined ? problem('NOT_FOUND') : call.world.wallet.bindingView(binding));
}

function getPurchase(call, id, part) {
  const { world } = call;
  const purchase = world.purchases.get(id);
  if (purchase === undefined) {
    const hidden = part.startsWith('receipt') && world.account === null;
    return send(call, problem(hidden ? 'NOT_SIGNED_IN' : 'NOT_FOUND'));
  }
  const final = (view) => !['paying', 'awaiting_payment', 'activating', 'refunding'].includes(view.state);
  switch (part) {
    case 'events':
      return events(call, 'purchase', () => world.purchaseView(purchase), final);
    case 'qr.svg':
    case 'qr.png': {
      if (purchase.state !== 'awaiting_payment') return send(call, problem('NOT_FOUND'));
      const text = world.payments.qrText(purchase);
      return part === 'qr.svg' ? raw(call, 'image/svg+xml', svgOf(text)) : raw(call, 'image/png', pngOf(text));
    }
    case 'receipt':
      return send(call, world.notBuyer(purchase) ?? world.payments.receipt(purchase));
    case 'receipt.pdf':
      if (world.notBuyer(purchase) !== null) return send(call, world.notBuyer(purchase));
      return raw(call, 'application/pdf', '%PDF-1.4\n%%EOF\n');
    default:
      return send(call, world.purchaseView(purchase));
  }
}

function raw({ response }, type, body) {
  response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-store', ...securityHeaders });
  response.end(body);
}

function events({ world, response, request }, name, current, final) {
  if (!world.script.events) return request.socket.destroy();
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  const push = () => {
    const value = current();
    response.write(`event: ${name}\ndata: ${JSON.stringify(value)}\n\n`);
    if (!final(value)) return;
    stop();
    response.end();
  };
  const stop = () => world.listeners.delete(push);
  world.listeners.add(push);
  response.on('close', stop);
  push();
}

async function post(call) {
  const { world, request, path } = call;
  const raw = await text(request);
  if (request.headers['x-csrf-token'] !== world.csrf) return send(call, problem('CSRF_FAILED'));
  if (path === '/sign-in') return send(call, fault(world.script.signIn) ?? world.signIn(JSON.parse(raw)));
  if (path === '/sign-in/guest') return send(call, fault(world.script.guest) ?? world.guest());
  if (path === '/reauthenticate') {
    const refused = world.wallet.reauthenticate(JSON.parse(raw));
    return refused === null ? send(call, null, 204) : send(call, refused);
  }
  if (path === '/sign-out') {
    world.signOut();
    return send(call, null, 204);
  }
  const key = request.headers['idempotency-key'];
  if (!/^[0-9a-f-]{36}$/.test(key ?? '')) return send(call, problem('VALIDATION_FAILED', { field: 'Idempotency-Key' }));
  const before = world.answers.get(key);
  if (before !== undefined && before.of !== path + raw) return send(call, problem('IDEMPOTENCY_CONFLICT'));
  const answer = before?.answer ?? (await change(call, raw));
  world.answers.set(key, { of: path + raw, answer });
  if (world.script.loseAnswers > 0) {
    world.script.loseAnswers -= 1;
    // What a proxy says when the answer did not reach it; a cut connection the browser would repeat by itself.
    call.response.writeHead(504, { 'Content-Type': 'text/html' });
    return call.response.end('<h1>Gateway Timeout</h1>');
  }
  return send(call, answer.body(), answer.status, answer.headers);
}

/** PATCH and DELETE of a saved method. */
async function changeSaved(call) {
  const { world, request, path } = call;
  const body = await text(request);
  const id = /^\/wallet\/methods\/([^/]+)$/.exec(path)?.[1];
  if (request.headers['x-csrf-token'] !== world.csrf) return send(call, problem('CSRF_FAILED'));
  if (id === undefined || world.account === null) return send(call, problem('NOT_FOUND'));
  return send(call, request.method === 'DELETE' ? world.wallet.remove(id) : world.wallet.change(id, JSON.parse(body)));
}

/** Carries a state-changing request out; the answer is kept under its idempotency key. */
async function change(call, raw) {
  const { world, path } = call;
  const { script } = world;
  const said = (body) => ({ body: () => body, status: body.code === undefined ? 200 : body.status });
  const purchase = /^\/purchases\/([^/]+)\/(cancel|keep-as-credit)$/.exec(path);
  if (purchase !== null) {
    const found = world.purchases.get(purchase[1]);
    if (found === undefined) return said(problem('NOT_FOUND'));
    const refused = purchase[2] === 'cancel' ? world.mayNotCancel(found) : world.notBuyer(found);
    if (refused !== null) return said(refused);
    if (purchase[2] === 'cancel') world.payments.cancel(found.id);
    else world.payments.keep(found);
    return said(world.purchaseView(found));
  }
  if (path === '/payment-window')
    return said(fault(script.window ?? null) ?? world.payments.openWindow() ?? world.portal(call.visit, call.language));
  if (path === '/transfers/find' && world.account === null) return said(problem('NOT_SIGNED_IN'));
  if (path === '/transfers/find') return said(fault(script.find ?? null) ?? world.payments.find(JSON.parse(raw)));
  if (path === '/wallet/bindings') {
    const binding = world.wallet.bind(JSON.parse(raw));
    return { ...said(binding), status: binding.code === undefined ? 201 : binding.status };
  }
  if (path === '/purchases' || path === '/sessions/current/extend') return buy(call, JSON.parse(raw));
  const session = /^\/sessions\/([^/]+)\/(end|resume)$/.exec(path);
  if (session !== null) {
    const found = world.sessions.find((item) => item.id === session[1]);
    if (found === undefined) return said(problem('NOT_FOUND'));
    if (session[2] === 'end') {
      if (script.end !== null) return said(fault(script.end));
      if (world.account === null) return said(problem('NOT_SIGNED_IN'));
      world.end(found, 'terminated', 'USER_LOGOUT');
      return said(world.view(found));
    }
    if (script.resume !== null) return said(fault(script.resume));
    if (world.account === null) return said(problem('NOT_SIGNED_IN'));
    world.resume(found);
    return said({ session: world.view(found), login_form: null });
  }
  const device = /^\/devices\/([^/]+)\/disconnect$/.exec(path);
  if (device !== null) {
    if (script.disconnect !== null) return said(fault(script.disconnect));
    if (world.account === null) return said(problem('NOT_SIGNED_IN'));
    world.disconnect(device[1]);
    return said(world.deviceList());
  }
  return said(problem('NOT_FOUND'));
}

async function buy(call, body) {
  const { world, path, language } = call;
  const { script } = world;
  const item = world.packages(language).find((entry) => entry.id === body.package_id);
  const refusal = fault(script.buy) ?? world.refusal(item, body);
  if (refusal !== null) {
    if (script.buyOnce) script.buy = null;
    return { body: () => refusal, status: refusal.status };
  }
  const purchase = world.buy(item, path === '/purchases' ? 'new' : 'extension', body);
  if (script.timeline === 'fast') await new Promise((resolve) => setTimeout(resolve, script.stepMs * 2 + 20));
  const status = purchase.state === 'online' ? 201 : 202;
  const headers = status === 202 ? { Location: `/api/v1/purchases/${purchase.id}` } : {};
  return { body: () => world.purchaseView(purchase), status, headers };
}

async function text(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function file(dist, pathname, request, response) {
  const name = extname(pathname) === '' ? '/index.html' : normalize(pathname);
  try {
    if (dist === null || name.includes('..')) throw new Error('not served');
    const bytes = gzipSync(await readFile(join(dist, name)));
    const type = types[extname(name)] ?? 'application/octet-stream';
    response.writeHead(200, { 'Content-Type': type, 'Content-Encoding': 'gzip', ...securityHeaders });
    response.end(bytes);
  } catch {
    response.writeHead(404, { 'Content-Type': 'text/plain' });
    response.end('not found');
  }
}
