// The real binary: run to its end, or as a process that is sure to end with the test.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './wait.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const binary = process.env.IWAS_BINARY ?? join(root, 'build/release/iwas');
const startWithinMs = 60_000;
const stopWithinMs = 20_000;

const running = new Set();
// However this process ends, its children end with it.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

export function temporaryFolder() {
  return mkdtemp(join(tmpdir(), 'iwas-e2e-'));
}

export function removeFolder(folder) {
  return rm(folder, { recursive: true, force: true });
}

function start(args, env) {
  if (!existsSync(binary)) throw new Error(`${binary} is missing: run \`make build\`, or set IWAS_BINARY`);
  const child = spawn(binary, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  const process_ = { child, stdout: '', stderr: '', exit: null };
  child.stdout.on('data', (part) => (process_.stdout += part));
  child.stderr.on('data', (part) => (process_.stderr += part));
  process_.ended = new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: null, signal: String(error) }));
    child.on('close', (code, signal) => resolve({ code, signal }));
  }).then((exit) => {
    running.delete(child);
    return (process_.exit = exit);
  });
  return process_;
}

/** Runs a command to its end: {code, stdout, stderr}. */
export async function iwas(args, env = {}) {
  const process_ = start(args, env);
  const timer = setTimeout(() => process_.child.kill('SIGKILL'), startWithinMs);
  const { code } = await process_.ended;
  clearTimeout(timer);
  return { code, stdout: process_.stdout, stderr: process_.stderr };
}

/** Starts a command that keeps running, and returns when its output holds `ready`. */
export async function serve(args, env, ready) {
  const process_ = start(args, env);
  const output = () => `${process_.stdout}\n${process_.stderr}`.slice(-4_000);
  try {
    await until(
      `iwas ${args[0]} is ready`,
      () => {
        if (process_.exit !== null) throw new Error(`iwas ${args[0]} ended: ${JSON.stringify(process_.exit)}`);
        return process_.stdout.includes(ready);
      },
      startWithinMs,
    );
  } catch (error) {
    process_.child.kill('SIGKILL');
    await process_.ended;
    throw new Error(`${error.message}\n${output()}`);
  }
  return {
    pid: process_.child.pid,
    text: () => process_.stdout,
    output,
    /** As Ctrl-C does. The exit it came to; by force when it does not stop by itself. */
    async stop(signal = 'SIGTERM') {
      if (process_.exit !== null) return process_.exit;
      process_.child.kill(signal);
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        process_.child.kill('SIGKILL');
      }, stopWithinMs);
      const exit = await process_.ended;
      clearTimeout(timer);
      if (!isLate) return exit;
      throw new Error(`it did not stop within ${stopWithinMs / 1000} s:\n${output()}`);
    },
  };
}
