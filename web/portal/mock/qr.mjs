// Draws the mock's QR codes: version 6, level L, mask 0 (ISO/IEC 18004), bytes only, up to 134 octets. The real server
// draws its own; this one is just large enough for a VietQR.
import { deflateSync } from 'node:zlib';

const size = 41;
const quiet = 4;
const dataOctets = 68; // in each of two blocks
const checkOctets = 18;
/** Level L, mask 0, with its BCH bits (table C.1). */
const format = 0b111011111000100;

const exp = new Uint8Array(512);
const log = new Uint8Array(256);
for (let i = 0, x = 1; i < 255; i += 1) {
  exp[i] = exp[i + 255] = x;
  log[x] = i;
  x = (x << 1) ^ (x & 0x80 ? 0x11d : 0);
}
const times = (a, b) => (a === 0 || b === 0 ? 0 : exp[log[a] + log[b]]);

function generator() {
  let poly = [1];
  for (let i = 0; i < checkOctets; i += 1) {
    const next = [...poly, 0];
    poly.forEach((value, at) => (next[at + 1] ^= times(value, exp[i])));
    poly = next;
  }
  return poly;
}

function checkOf(block) {
  const poly = generator();
  const rest = [...block, ...new Array(checkOctets).fill(0)];
  for (let i = 0; i < block.length; i += 1) {
    const factor = rest[i];
    if (factor !== 0) poly.forEach((value, at) => (rest[i + at] ^= times(value, factor)));
  }
  return rest.slice(block.length);
}

function codewords(text) {
  const octets = [...Buffer.from(text, 'utf8')];
  if (octets.length > 2 * dataOctets - 2) throw new Error('too long for the mock’s QR');
  // Mode 4 bits, count 8 bits, the octets, a terminator: everything stands half an octet to the right.
  const nibbles = [4, octets.length >> 4, octets.length & 15, ...octets.flatMap((o) => [o >> 4, o & 15]), 0];
  const data = [];
  for (let i = 0; i < nibbles.length; i += 2) data.push((nibbles[i] << 4) | (nibbles[i + 1] ?? 0));
  for (let pad = 0; data.length < 2 * dataOctets; pad += 1) data.push(pad % 2 === 0 ? 0xec : 0x11);
  const blocks = [data.slice(0, dataOctets), data.slice(dataOctets)];
  const checks = blocks.map(checkOf);
  const interleaved = (parts) => parts[0].flatMap((_, i) => parts.map((part) => part[i]));
  return [...interleaved(blocks), ...interleaved(checks)];
}

/** Rows of 0 and 1, without the quiet zone. */
export function matrixOf(text) {
  const cells = Array.from({ length: size }, () => new Array(size).fill(null));
  const set = (row, column, dark) => {
    if (row >= 0 && row < size && column >= 0 && column < size) cells[row][column] = dark ? 1 : 0;
  };
  const square = (row, column, radius, rings) => {
    for (let r = -radius; r <= radius; r += 1)
      for (let c = -radius; c <= radius; c += 1)
        set(row + r, column + c, rings.includes(Math.max(Math.abs(r), Math.abs(c))));
  };
  for (const [row, column] of [
    [3, 3],
    [3, size - 4],
    [size - 4, 3],
  ])
    square(row, column, 4, [0, 1, 3]);
  square(34, 34, 2, [0, 2]);
  for (let i = 8; i < size - 8; i += 1) {
    set(6, i, i % 2 === 0);
    set(i, 6, i % 2 === 0);
  }
  set(size - 8, 8, true);
  const bit = (i) => (format >> (14 - i)) & 1;
  const around = [0, 1, 2, 3, 4, 5, 7, 8];
  for (let i = 0; i < 15; i += 1) {
    if (i < 8) set(8, around[i], bit(i));
    else set([7, 5, 4, 3, 2, 1, 0][i - 8], 8, bit(i));
    if (i < 7) set(size - 1 - i, 8, bit(i));
    else set(8, size - 15 + i, bit(i));
  }
  fill(cells, codewords(text));
  return cells;
}

/** Two columns at a time from the right, up and down in turns; mask 0 where row + column is even. */
function fill(cells, words) {
  let at = 0;
  let up = true;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right -= 1;
    for (let step = 0; step < size; step += 1) {
      const row = up ? size - 1 - step : step;
      for (const column of [right, right - 1]) {
        if (cells[row][column] !== null) continue;
        const dark = at < words.length * 8 ? (words[at >> 3] >> (7 - (at & 7))) & 1 : 0;
        cells[row][column] = dark ^ ((row + column) % 2 === 0 ? 1 : 0);
        at += 1;
      }
    }
    up = !up;
  }
}

export function svgOf(text) {
  const side = size + 2 * quiet;
  const path = matrixOf(text)
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + quiet} ${y + quiet}h1v1h-1z` : '')))
    .join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${side}v${side}H0z"/><path d="${path}"/></svg>`;
}

/** CRC-32 as PNG has it; node's own came after the oldest node that this runs on. */
function crc(octets) {
  let sum = 0xffffffff;
  for (const octet of octets) {
    sum ^= octet;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
}

/** Grey of 8 bits, `scale` pixels a module. */
export function pngOf(text, scale = 8) {
  const matrix = matrixOf(text);
  const side = (size + 2 * quiet) * scale;
  const raw = Buffer.alloc(side * (side + 1), 0xff);
  for (let y = 0; y < side; y += 1) {
    raw[y * (side + 1)] = 0;
    const row = matrix[Math.floor(y / scale) - quiet];
    for (let x = 0; row !== undefined && x < side; x += 1)
      if (row[Math.floor(x / scale) - quiet] === 1) raw[y * (side + 1) + 1 + x] = 0;
  }
  const chunk = (type, body) => {
    const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
    const framed = Buffer.alloc(named.length + 8);
    framed.writeUInt32BE(body.length, 0);
    named.copy(framed, 4);
    framed.writeUInt32BE(crc(named), named.length + 4);
    return framed;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 8;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(raw)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
