// `iwas vietqr` against programs that are not ours: vietnam-qr-pay reads what we write and we read
// what it writes; ZBar reads the images, librsvg renders the SVG for it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import vietnamQrPay from 'vietnam-qr-pay';
import { iwas, removeFolder, temporaryFolder } from './support/program.mjs';

const { QRPay } = vietnamQrPay;
const run = promisify(execFile);

const accounts = ['1', '0099999999', '0011012345678', '99MM24011M34875080', '1234567890123456789'];
const amounts = ['1000', '', '20000', '999999', '12345678', '1'];
const purposes = ['IWFFKQT4YC5W', 'thanh toan don hang', '', 'A', 'WIFI IWFFKQT4YC5W MAY 012'];

/** Runs a command that must succeed: what it printed. */
async function vietqr(...args) {
  const { code, stdout, stderr } = await iwas(['vietqr', ...args]);
  assert.equal(code, 0, stderr);
  return stdout;
}

/** The rows of our table: {account: '...', amount: '...'}. */
const rowsOf = (table) =>
  Object.fromEntries(
    table
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, 18).trim(), line.slice(19)]),
  );

const encode = ({ bin, account, amount, purpose }, ...more) =>
  vietqr(
    ...['encode', '--bank', bin, '--account', account],
    ...(amount ? ['--amount', amount] : []),
    ...(purpose ? ['--purpose', purpose] : []),
    ...more,
  ).then((text) => text.replace(/\n$/, ''));

describe('iwas vietqr', { timeout: 300_000 }, () => {
  let folder;
  let transfers;
  before(async () => {
    folder = await temporaryFolder();
    const [, ...banks] = (await vietqr('banks')).trim().split('\n');
    // Every bank once, with the accounts, amounts and texts in turn.
    transfers = banks.map((line, i) => ({
      bin: line.slice(0, 6),
      account: accounts[i % accounts.length],
      amount: amounts[i % amounts.length],
      purpose: purposes[Math.trunc(i / 2) % purposes.length],
    }));
    assert.equal(transfers.length, 66);
  });
  after(() => removeFolder(folder));

  it('writes what vietnam-qr-pay reads', async () => {
    for (const transfer of transfers) {
      const read = new QRPay(await encode(transfer));
      assert.equal(read.isValid, true, JSON.stringify(transfer));
      assert.equal(read.provider.name, 'VIETQR');
      assert.equal(read.provider.service, 'QRIBFTTA');
      assert.equal(read.consumer.bankBin, transfer.bin);
      assert.equal(read.consumer.bankNumber, transfer.account);
      assert.equal(read.amount ?? '', transfer.amount);
      assert.equal(read.additionalData.purpose ?? '', transfer.purpose);
      assert.equal(read.initMethod, transfer.amount ? '12' : '11');
    }
  });

  it('reads what vietnam-qr-pay writes, and writes the same', async () => {
    for (const transfer of transfers) {
      const theirs = QRPay.initVietQR({
        bankBin: transfer.bin,
        bankNumber: transfer.account,
        amount: transfer.amount || undefined,
        purpose: transfer.purpose || undefined,
      }).build();
      const rows = rowsOf(await vietqr('decode', theirs));
      assert.ok(rows.bank.startsWith(transfer.bin), rows.bank);
      assert.equal(rows.account, transfer.account);
      assert.equal(rows.amount, transfer.amount ? `${transfer.amount} VND` : 'the customer types it');
      assert.equal(rows['transfer text'] ?? '', transfer.purpose);
      assert.equal(rows.use, transfer.amount ? 'one payment' : 'again and again');
      assert.equal(rows['order code'], transfer.purpose.includes('IWFF') ? 'IWFFKQT4YC5W' : undefined);
      assert.equal(await encode(transfer), theirs);
    }
  });

  it('refuses what vietnam-qr-pay calls invalid', async () => {
    const text = await encode(transfers[0]);
    for (const wrong of [`${text.slice(0, -4)}0000`, text.slice(0, 40)]) {
      assert.equal(new QRPay(wrong).isValid, false);
      const { code, stderr } = await iwas(['vietqr', 'decode', wrong]);
      assert.equal(code, 1);
      assert.match(stderr, /not a VietQR: field \d\d, character \d+: /);
    }
  });

  it('draws images that a QR reader reads back', async () => {
    const scan = async (file) => {
      const { stdout } = await run('zbarimg', ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', file]);
      return stdout.replace(/\n$/, '');
    };
    const [svg, png, rendered] = ['qr.svg', 'qr.png', 'rendered.png'].map((name) => join(folder, name));
    for (const [i, transfer] of transfers.slice(0, 12).entries()) {
      const pixels = String([3, 8, 13][i % 3]);
      const text = await encode(transfer, '--svg', svg, '--png', png, '--module', pixels);
      assert.equal(await scan(png), text);
      await run('rsvg-convert', ['--output', rendered, svg]);
      assert.equal(await scan(rendered), text);
      // As large as a phone shows it.
      await run('rsvg-convert', ['--width', '900', '--output', rendered, svg]);
      assert.equal(await scan(rendered), text);
    }
  });
});
