// A customer's own bank account, as he types it and as the server wants it. Pure.
import type { Bank } from '../../api/types';

export interface BankAccountBody {
  bank_bin: string;
  account_number: string;
}

export type BankAccountFault = 'bank' | 'number';

/** The blanks, dots and dashes with which banks print a number are left out. */
export function bankAccountOf(
  bankBin: string,
  number: string,
): { ok: true; body: BankAccountBody } | { ok: false; faults: BankAccountFault[] } {
  const bare = number.replace(/[\s.-]/g, '');
  const faults: BankAccountFault[] = [];
  if (!/^[0-9]{6}$/.test(bankBin)) faults.push('bank');
  if (!/^[0-9A-Za-z]{6,19}$/.test(bare)) faults.push('number');
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, body: { bank_bin: bankBin, account_number: bare } };
}

/** Those whose app one tap opens, and the others, each by name. */
export function groupsOf(banks: readonly Bank[]): { opened: Bank[]; others: Bank[] } {
  const byName = [...banks].sort((a, b) => a.bank_name.localeCompare(b.bank_name, 'vi'));
  return {
    opened: byName.filter(({ app }) => app !== null),
    others: byName.filter(({ app }) => app === null),
  };
}
