// Pages that are not part of the first load.
const pay = () => import('../routes/Pay.svelte');
const payPage = () => import('../features/pay_purchase/PayPage.svelte');

export const chunks = {
  pay,
  payPage,
  wallet: () => import('../routes/Wallet.svelte'),
  history: () => import('../routes/History.svelte'),
  receipt: () => import('../routes/Receipt.svelte'),
  findTransfer: () => import('../routes/FindTransfer.svelte'),
};

/** What a buyer needs next, fetched while he looks at the packages: the network may be worse in a minute. */
export function prefetchPay(): void {
  for (const load of [pay, payPage]) load().catch(() => undefined);
}
