import { describe, expect, it } from 'vitest';
import type { Bank } from '../../api/types';
import { bankAccountOf, groupsOf } from './bank_account';

const bank = (bank_bin: string, bank_name: string, app: string | null): Bank => ({
  bank_bin,
  bank_name,
  full_name: bank_name,
  app: app === null ? null : { id: app, fills_in: false },
});

describe('bankAccountOf', () => {
  it.each([
    ['1012345678', '1012345678'],
    ['1012 345 678', '1012345678'],
    ['0123.456-789', '0123456789'],
    ['MB0123456', 'MB0123456'],
    ['1'.repeat(19), '1'.repeat(19)],
  ])('takes %s', (typed, account_number) => {
    expect(bankAccountOf('970436', typed)).toEqual({ ok: true, body: { bank_bin: '970436', account_number } });
  });

  it.each([
    ['970436', '12345', ['number']],
    ['970436', '1'.repeat(20), ['number']],
    ['970436', '10123456đ', ['number']],
    ['', '1012345678', ['bank']],
    ['', '', ['bank', 'number']],
  ])('refuses %s %s', (bin, typed, faults) => {
    expect(bankAccountOf(bin, typed)).toEqual({ ok: false, faults });
  });
});

it('groups the banks by whether one tap opens the app', () => {
  const groups = groupsOf([
    bank('970436', 'Vietcombank', 'vcb'),
    bank('970403', 'Sacombank', null),
    bank('970416', 'ACB', 'acb'),
  ]);
  expect(groups.opened.map(({ bank_name }) => bank_name)).toEqual(['ACB', 'Vietcombank']);
  expect(groups.others.map(({ bank_name }) => bank_name)).toEqual(['Sacombank']);
});
