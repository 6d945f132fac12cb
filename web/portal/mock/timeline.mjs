// How a purchase goes that IWAS pays by itself: from the balance or a saved method.

/** Moves `purchase` along the timeline of the script of `world`. */
export function runTimeline(world, purchase) {
  const { timeline } = world.script;
  const later = (steps, move) => world.later(steps, move);
  const refund = () => {
    if (purchase.method === 'pc_balance') world.account.balance += purchase.item.price - purchase.creditUsed;
    world.payments.giveBack(purchase);
  };
  const activating = () => ((purchase.state = 'activating'), (purchase.amountState = 'success'));
  const refuse = (state, code, amountState) => () => world.settle(purchase, state, code, amountState);
  switch (timeline) {
    case 'fast':
    case 'slow':
      later(1, activating);
      later(2, () => world.online(purchase));
      return;
    case 'stuck':
      return;
    case 'activating':
      return later(1, activating);
    case 'declined':
      return later(1, () => {
        refund();
        refuse('declined', 'PAYMENT_DECLINED', 'failed')();
      });
    case 'late':
    case 'mismatch': {
      const code = timeline === 'late' ? 'PAYMENT_EXPIRED' : 'AMOUNT_MISMATCH';
      return later(1, refuse('refund_queued', code, 'refunding'));
    }
    case 'expired':
      return later(1, () => {
        refund();
        refuse('failed', 'PAYMENT_EXPIRED', 'expired')();
      });
    case 'refund':
    case 'refund_queued':
      later(1, activating);
      later(2, refuse('refunding', 'ACTIVATION_FAILED', 'refunding'));
      if (timeline === 'refund') {
        later(4, () => {
          refund();
          purchase.refunded = purchase.item.price;
          refuse('refunded', 'ACTIVATION_FAILED', 'refunded')();
        });
      } else {
        later(4, refuse('refund_queued', 'ACTIVATION_FAILED', 'refunding'));
      }
      return;
    case 'browser_login':
      return later(1, () => {
        activating();
        const fields = { username: 's-1', password: 'one-time', dst: '/online.html' };
        purchase.loginForm = { url: world.script.loginUrl ?? 'http://10.5.50.1/login', method: 'POST', fields };
      });
    default:
      throw new Error(`no such timeline: ${timeline}`);
  }
}
