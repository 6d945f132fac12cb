// Carries out what the purchase's state machine asks for.
import { follow, purchaseSource } from '../../api/follow';
import { isUnknown, type Failure, type Purchase, type Result } from '../../api/types';
import type { PortalModel } from '../../lib/portal_model.svelte';
import { uuid } from '../../lib/uuid';
import { next, retryDelayMs, type BuyEvent, type BuyState, type Order } from './machine';

export class Buy {
  /** Raw: the machine answers an ignored event with the same object. */
  state = $state.raw<BuyState>({ kind: 'idle' });
  /** Asked for by this page, not found by it. */
  mine = $state(false);
  private stopFollowing: (() => void) | null = null;
  private followedId: string | null = null;

  constructor(private readonly model: PortalModel) {}

  /** One tap. Ignored while a purchase is on its way. */
  start(order: Order): void {
    const before = this.state;
    this.move({ kind: 'buy', order, key: uuid() });
    if (this.state !== before) void this.send();
  }

  /** Asks again, under the same key, how an order of unknown outcome ended. */
  checkAgain(): void {
    this.move({ kind: 'retry_due' });
    void this.send();
  }

  dismiss(): void {
    this.move({ kind: 'dismissed' });
  }

  /** The page was opened at the address of a purchase: a failure is the caller's to show. */
  async open(id: string): Promise<Failure | null> {
    if (this.followedId === id) return null;
    const result = await this.model.api.purchase(id);
    if (!result.ok) return result.failure;
    this.adopt(result.value);
    return null;
  }

  /** Takes over a purchase that the server told about. */
  adopt(purchase: Purchase): void {
    this.stopFollowing?.();
    this.state = { kind: 'following', purchase, shaky: false };
    this.followedId = purchase.id;
    this.mine = false;
    this.move({ kind: 'moved', purchase });
    this.watch();
  }

  private async send(): Promise<void> {
    const { state } = this;
    if (state.kind !== 'sending') return;
    const { order, key, attempt } = state;
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

  private ask(order: Order, key: string): Promise<Result<Purchase>> {
    const { api } = this.model;
    switch (order.kind) {
      case 'new':
        return api.buy(order.packageId, order.price, key);
      case 'extension':
        return api.extend(order.packageId, order.price, key);
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

  private move(event: BuyEvent): void {
    this.state = next(this.state, event);
  }
}
