// Which test file answers for which operations of docs/openapi.yaml. Files are processes that know nothing of each other,
// so each asks at its end whether it has seen its own share; together the shares are everything that is described.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { it } from 'node:test';
import { description, seen } from './description.mjs';

/** The file that answers for all that stands nowhere below. */
const main = 'api.test.mjs';
const staff = 'staff.test.mjs';
const shares = {
  'before_paying.test.mjs': [
    'post /api/v1/payment-window',
    'post /api/v1/transfers/find',
    'get /api/v1/purchases/{id}/receipt.pdf',
  ],
  'captive.test.mjs': ['get /captive-portal/api'],
  'notices.test.mjs': ['get /api/v1/payments/{account}/notice', 'post /api/v1/payments/{account}/notice'],
  'payments.test.mjs': [
    'post /api/v1/sign-in/guest',
    'get /api/v1/payment-methods',
    'get /api/v1/purchases/{id}/qr.svg',
    'get /api/v1/purchases/{id}/qr.png',
    'post /api/v1/purchases/{id}/cancel',
    'get /r/{token}/{purchase_id}',
  ],
  'wallet.test.mjs': [
    'post /api/v1/reauthenticate',
    'get /api/v1/banks',
    'post /api/v1/wallet/bindings',
    'get /api/v1/wallet/bindings/{id}',
    'patch /api/v1/wallet/methods/{id}',
    'delete /api/v1/wallet/methods/{id}',
  ],
};

const described = Object.entries(description.paths).flatMap(([path, verbs]) =>
  Object.keys(verbs)
    .filter((verb) => verb !== 'parameters' && verbs[verb]['x-planned'] !== true)
    .map((verb) => `${verb} ${path}`),
);

function ownerOf(operation) {
  if (operation.includes(' /api/v1/staff/')) return staff;
  return Object.keys(shares).find((file) => shares[file].includes(operation)) ?? main;
}

/** The last test of a file that has a share. */
export function answersItsShare(url) {
  const file = basename(url);
  it('has had every operation of its share answered as described', () => {
    const share = described.filter((operation) => ownerOf(operation) === file);
    assert.ok(share.length > 0, `${file} has no share`);
    assert.deepEqual(
      share.filter((operation) => !seen.has(operation)),
      [],
    );
  });
}

/** Nothing stands in a share that is not described, and every file that has one asks for it. */
export function sharesAreTrue() {
  const unknown = Object.values(shares)
    .flat()
    .filter((operation) => !described.includes(operation));
  assert.deepEqual(unknown, []);
  for (const file of [main, staff, ...Object.keys(shares)]) {
    const source = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
    assert.match(source, /^ {2}answersItsShare\(import\.meta\.url\);$/m, file);
  }
}
