// Who stands before the portal, and what every customer does there.

export const member = (world) => (world.account = world.accounts.minh);
export const guest = (world) => world.guest();

export const item = (world, id = 'pkg_3h') => world.packages('vi').find((entry) => entry.id === id);

/** An order that waits for its money, as `method`. */
export const waiting =
  (method, prepare = guest) =>
  (world) => {
    prepare(world);
    return world.buy(item(world), 'new', { method });
  };

export const buyButton = (page) => page.locator('.buy-bar .primary');
export const atOnlinePage = (page) => page.waitForURL(/\/online\.html\?/);

/** Chooses a way to pay by its name, and orders. */
export async function choose(page, name) {
  await page.locator('.method', { hasText: name }).locator('input').check({ force: true });
  await buyButton(page).click();
}
