// The simulated router against node-routeros, a RouterOS client that is not ours: what it can do with
// a real router it must be able to do here. IWAS_SIM_ROUTER names the program.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import routeros from 'node-routeros';

const { RouterOSAPI } = routeros;
const program = process.env.IWAS_SIM_ROUTER;
const phone = { mac: '02:00:00:00:00:15', ip: '10.5.50.21' };

/** Starts the simulated router; `stop` ends it. */
async function startRouter(...options) {
  const child = spawn(program, options, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const ports = JSON.parse(line);
  const post = async (path, body = {}) => {
    const answer = await fetch(`http://127.0.0.1:${ports.control_port}/_sim/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    assert.equal(answer.status, 200, await answer.clone().text());
    return answer.json();
  };
  const state = async () => (await fetch(`http://127.0.0.1:${ports.control_port}/_sim/state`)).json();
  const stop = async () => {
    child.stdin.end();
    const [status] = await once(child, 'exit');
    assert.equal(status, 0);
  };
  return { ...ports, post, state, stop };
}

function clientOf(router, credentials = {}) {
  return new RouterOSAPI({
    host: '127.0.0.1',
    port: router.api_port,
    user: 'iwas',
    password: 'router-secret',
    timeout: 5,
    ...credentials,
  });
}

const login = [
  '/ip/hotspot/active/login',
  ['=user=ticket', '=password=4711', `=ip=${phone.ip}`, `=mac-address=${phone.mac}`],
];

// This client knows nothing of !empty, which came with RouterOS 7.18.
describe('node-routeros', () => {
  let router;
  let client;
  before(async () => {
    router = await startRouter('--no-empty');
    await router.post('devices', phone);
    client = clientOf(router);
    await client.connect();
  });
  after(async () => {
    await client.close();
    await router.stop();
  });

  test('reads identity and resources', async () => {
    const [identity] = await client.write('/system/identity/print');
    assert.equal(identity.name, 'icafe-sim');
    const [resource] = await client.write('/system/resource/print', ['=.proplist=version']);
    assert.deepEqual(Object.keys(resource), ['version']);
  });

  test('lists hosts and filters them', async () => {
    const hosts = await client.write('/ip/hotspot/host/print');
    assert.equal(hosts.length, 1);
    assert.equal(hosts[0]['mac-address'], phone.mac);
    assert.equal(hosts[0].authorized, 'false');
    const none = await client.write('/ip/hotspot/host/print', ['?address=10.5.50.99']);
    assert.deepEqual(none, []);
    const either = await client.write('/ip/hotspot/host/print', ['?address=10.5.50.99', `?address=${phone.ip}`, '?#|']);
    assert.equal(either.length, 1);
  });

  test('logs a device in, sees it online and removes it', async () => {
    await client.write(...login);
    const [active] = await client.write('/ip/hotspot/active/print', ['?user=ticket']);
    assert.equal(active.address, phone.ip);
    assert.match(active['.id'], /^\*A[0-9A-F]+$/);
    const before = await router.state();
    assert.equal(before.devices[0].online, true);
    await client.write('/ip/hotspot/active/remove', [`=.id=${active['.id']}`]);
    const afterwards = await router.state();
    assert.equal(afterwards.devices[0].online, false);
  });

  test('meets errors as it does at a router', async () => {
    await assert.rejects(client.write('/ip/nonsense/print'), /no such command/);
    await assert.rejects(client.write('/ip/hotspot/active/remove', ['=.id=*A0FFFF']), /no such item/);
    await assert.rejects(client.write(login[0], ['=user=nobody', '=password=x', `=ip=${phone.ip}`]), /no such ticket/);
  });

  test('runs commands at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.write('/system/identity/print')));
    for (const [row] of answers) assert.equal(row.name, 'icafe-sim');
  });

  test('hears of sessions that come and go', async () => {
    const heard = [];
    const stream = client.stream('/ip/hotspot/active/listen', (error, packet) => {
      if (packet) heard.push(packet);
    });
    const until = async (count) => {
      for (let i = 0; heard.length < count && i < 100; i += 1) await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal(heard.length, count);
    };
    await new Promise((resolve) => setTimeout(resolve, 50));
    await client.write(...login);
    await until(1);
    assert.equal(heard[0].user, 'ticket');
    await router.post('log-out', { mac: phone.mac });
    await until(2);
    assert.equal(heard[1]['.dead'], 'yes');
    await stream.stop();
    await client.write('/system/identity/print');
  });
});

test('a wrong password is refused', async () => {
  const router = await startRouter('--no-empty');
  try {
    await assert.rejects(clientOf(router, { password: 'x' }).connect(), (error) => {
      assert.match(String(error.message), /username or password/i);
      return true;
    });
  } finally {
    await router.stop();
  }
});

test('the login of RouterOS before 6.43 works', async () => {
  const router = await startRouter('--no-empty', '--old-login');
  const client = clientOf(router);
  try {
    await client.connect();
    const [identity] = await client.write('/system/identity/print');
    assert.equal(identity.name, 'icafe-sim');
    await client.close();
  } finally {
    await router.stop();
  }
});
