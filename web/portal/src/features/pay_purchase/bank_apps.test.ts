import { describe, expect, it } from 'vitest';
import type { Bank } from '../../api/types';
import { isSimulated, openableApps } from './bank_apps';

const banks: Bank[] = [
  { bank_bin: '970436', bank_name: 'Vietcombank', full_name: 'V', app: { id: 'vcb', fills_in: false } },
  { bank_bin: '970403', bank_name: 'Sacombank', full_name: 'S', app: null },
  { bank_bin: '970422', bank_name: 'MB Bank', full_name: 'M', app: { id: 'mb', fills_in: true } },
];
const template = 'https://dl.vietqr.io/pay?app={app}&am=5000';

describe('openableApps', () => {
  it('names the app in the link, by name', () => {
    expect(openableApps(banks, template)).toEqual([
      { bin: '970422', name: 'MB Bank', link: 'https://dl.vietqr.io/pay?app=mb&am=5000', fillsIn: true },
      { bin: '970436', name: 'Vietcombank', link: 'https://dl.vietqr.io/pay?app=vcb&am=5000', fillsIn: false },
    ]);
  });
  it('has none without a link, or with one that a browser would run', () => {
    expect(openableApps(banks, null)).toEqual([]);
    expect(openableApps(banks, 'javascript:alert(1)//{app}')).toEqual([]);
  });
});

describe('isSimulated', () => {
  it('is a link to the machine of the portal, whatever its port', () => {
    expect(isSimulated('http://127.0.0.1:9100/bank/app?app={app}&am=5000', '127.0.0.1')).toBe(true);
    expect(isSimulated(template, '127.0.0.1')).toBe(false);
    expect(isSimulated(template, 'wifi.example.vn')).toBe(false);
    expect(isSimulated(null, '127.0.0.1')).toBe(false);
    expect(isSimulated('javascript:alert(1)//{app}', '')).toBe(false);
  });
});
