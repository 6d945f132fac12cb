// `npm run mock`: the mock for `npm run dev`. Accounts: minh / 1234, lan / 1234 (little money).
// Usage: npm run mock -- '{"timeline":"slow","buy":"PAYMENT_DECLINED"}'   (see World.script in world.mjs)
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startMock } from './server.mjs';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const script = JSON.parse(process.argv[2] ?? '{"timeline":"slow","stepMs":1200}');
const { url } = await startMock({ dist: existsSync(dist) ? dist : null, port: 8090, script });
console.log(`API${existsSync(dist) ? ' and built portal' : ''}: ${url}/p?n=demo&mac=A4:5E:60:00:00:0F&ip=10.5.50.10`);
