// Carries out what the purchase's state machine asks for.
import type { PayWith } from '../../api/client';
import { follow, purchaseSource } from '../../api/follow';
import { isAnothers, isUnknown, type Failure, type Purchase, type Result } from '../../api/types';
import type { PortalModel } from '../../lib/portal_model.svelte';
import { uuid } from '../../lib/uuid';
import { next, retryDelayMs, type BuyEvent, type BuyState, type Order } from './machine';

export class Buy {
  /** Raw: the machine answers an ignored event with the same object. */
  state = $state.raw<BuyState>({ kind: 'idle' });
  /** Asked for by this page, not found by it. */
  mine = $state(false);
  /** Store credit is spent first unless the customer wants to keep it. */
  useCredit = $state(true);
  /** What the last order was to be paid with, when it did not work: not to be chosen for the customer again. */
  failedWith = $state.raw<PayWith | null>(null);
  private order: Order | null = null;
  /** An unpaid purchase that the next order takes the place of. */
  private replaced: string | null = null;
  private stopFollowing: (() => void) | null = null;
  private followedId: string | null = null;

  constructor(private readonly model: PortalModel) {}

  /** One tap. Ignored while a purchase is on its way. */
  start(order: Order): void {
    const before = this.state;
    const unpaid = this.unpaid();
    this.move({ kind: 'buy', order, key: uuid() });
    if (this.state === before) return;
    this.stopFollowing?.();
    this.order = order;
    this.failedWith = null;
    this.replaced = unpaid?.id ?? null;
    void this.send();
  }

  /** Asks again, under the same key, how an order of unknown outcome ended. */
  checkAgain(): void {
    this.move({ kind: 'retry_due' });
    void this.send();
  }

  /** To the ways to pay, for what was refused or is shown. `purchase`: null for an order that was never recorded. */
  chooseAgain(purchase: Purchase | null = null): void {
    // Given up is not failed: it may be chosen again.
    const givenUp = purchase?.error?.code === 'PAYMENT_CANCELLED';
    this.failedWith = givenUp ? null : (this.order?.pay ?? null);
    const route = purchase === null ? this.order : { packageId: purchase.package_id, kind: purchase.kind };
    this.dismiss();
    if (route !== null) this.model.go({ page: 'pay', id: route.packageId, kind: route.kind });
  }

  dismiss(): void {
    this.move({ kind: 'dismissed' });
    if (this.state.kind === 'idle') this.followedId = null;
  }

  /** The page was opened at the address of a purchase: a failure is the caller's to show. */
  async open(id: string): Promise<Failure | null> {
    if (this.followedId === id) return null;
    const result = await this.model.api.purchase(id);
    if (!result.ok) return result.failure;
    this.adopt(result.value);
    return null;
  }

  /** What a request of a page has made of the purchase that it shows. A failure is the caller's to show. */
  async change(asked: Promise<Result<Purchase>>): Promise<Failure | null> {
    const result = await asked;
    if (!result.ok) return result.failure;
    this.adopt(result.value);
    // Paid in the same moment as it was given up.
    this.leaveIfOnline();
    return null;
  }

  /** Asks for a settled purchase again: late money takes it on. */
  async lookAgain(id: string): Promise<void> {
    const result = await this.model.api.purchase(id);
    const { state } = this;
    if (!result.ok || state.kind !== 'settled' || state.purchase.id !== id) return;
    if (result.value.state === state.purchase.state) return;
    this.adopt(result.value);
    this.leaveIfOnline();
  }

  /** Takes over a purchase that the server told about. */
  adopt(purchase: Purchase): void {
    this.stopFollowing?.();
    this.state = { kind: 'following', purchase, shaky: false };
    this.followedId = purchase.id;
    this.mine = false;
    this.model.methods = null;
    this.move({ kind: 'moved', purchase });
    this.watch();
  }

  private async send(): Promise<void> {
    const { state } = this;
    if (state.kind !== 'sending') return;
    const { order, key, attempt } = state;
    if (await this.standsInTheWay()) return;
    const result = await this.ask(order, key);
    if (result.ok) {
      this.move({ kind: 'answered', purchase: result.value });
      this.arrived(result.value);
      return;
    }
    const { failure } = result;
    if (failure.kind === 'problem' && failure.problem.purchase_id !== undefined) {
      await this.recorded(failure.problem.purchase_id, failure);
      return;
    }
    if (!isUnknown(failure)) {
      this.move({ kind: 'refused', failure });
      return;
    }
    this.move({ kind: 'unknown', failure });
    if (this.state.kind !== 'waiting') return;
    setTimeout(() => this.checkAgain(), retryDelayMs(attempt));
  }

  private unpaid(): Purchase | null {
    const known = this.state.kind === 'following' ? this.state.purchase : (this.model.portal?.open_purchase ?? null);
    return known?.state === 'awaiting_payment' ? known : null;
  }

  /**
   * Gives up the unpaid purchase that stands in the way of the order; true when nothing is left to order: its money has
   * come in the same moment, or it is somebody else's, who alone can give it up. Without an answer the order goes on: the
   * server refuses it where it must.
   */
  private async standsInTheWay(): Promise<boolean> {
    const id = this.replaced;
    this.replaced = null;
    if (id === null) return false;
    const result = await this.model.api.cancelPurchase(id, uuid());
    if (!result.ok && isAnothers(result.failure)) {
      this.move({ kind: 'refused', failure: { kind: 'foreign_order' } });
      return true;
    }
    if (!result.ok || result.value.state === 'failed' || result.value.state === 'declined') return false;
    this.adopt(result.value);
    this.model.go({ page: 'purchase', id }, 'replace');
    this.leaveIfOnline();
    return true;
  }

  private ask(order: Order, key: string): Promise<Result<Purchase>> {
    const { api } = this.model;
    switch (order.kind) {
      case 'new':
        return api.buy(order.packageId, order.price, order.pay, key);
      case 'extension':
        return api.extend(order.packageId, order.price, order.pay, key);
    }
  }

  /** The order is on record though it was refused: its page tells the whole story, refund included. */
  private async recorded(id: string, failure: Failure): Promise<void> {
    const result = await this.model.api.purchase(id);
    if (!result.ok) {
      this.move({ kind: 'refused', failure });
      return;
    }
    this.move({ kind: 'answered', purchase: result.value });
    this.arrived(result.value);
  }

  /** A purchase that this page has asked for exists: its address outlives the page. */
  private arrived(purchase: Purchase): void {
    this.followedId = purchase.id;
    this.mine = true;
    this.note(purchase);
    // Credit and balance are no longer what they were.
    this.model.methods = null;
    this.model.go({ page: 'purchase', id: purchase.id }, 'replace');
    this.leaveIfOnline();
    this.watch();
  }

  private watch(): void {
    if (this.state.kind !== 'following') return;
    this.stopFollowing = follow(purchaseSource(this.model.api, this.state.purchase.id), {
      update: (purchase) => {
        this.move({ kind: 'moved', purchase });
        this.leaveIfOnline();
      },
      failure: () => this.move({ kind: 'lost' }),
    });
  }

  private leaveIfOnline(): void {
    if (this.state.kind !== 'settled' || this.state.purchase.state !== 'online') return;
    const { kind, session } = this.state.purchase;
    if (kind === 'new') {
      this.model.goOnline(session?.ends_at ?? null);
      return;
    }
    // More time for a phone that is online already: nothing for it to look for.
    this.model.setSession(session);
    this.model.go({ page: 'session' }, 'replace');
    this.move({ kind: 'dismissed' });
    void this.model.refresh();
  }

  /** Keeps what the first page says of this device's purchase from growing old. */
  private note(purchase: Purchase): void {
    if (this.mine || this.model.portal?.open_purchase?.id === purchase.id)
      this.model.setOpenPurchase(purchase.state === 'online' ? null : purchase);
  }

  private move(event: BuyEvent): void {
    this.state = next(this.state, event);
    if (this.state.kind === 'following' || this.state.kind === 'settled') this.note(this.state.purchase);
  }
}
