// The page of a gateway, for people and browser tests who play the payer, and the way back to the portal.

const page = (title, links) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1>${links
    .map(([act, label]) => `<p><a id="${act}" href="?act=${act}">${label}</a></p>`)
    .join('')}`;

/** `/mock/gateway/ID?act=pay|refuse|leave`: of a purchase, or of a wallet that is being linked. */
export function gatewayPage(world, url, response) {
  const id = url.pathname.split('/').pop();
  const act = url.searchParams.get('act');
  const purchase = world.purchases.get(id);
  const binding = world.wallet.bindings.get(id);
  if (act === null || (purchase === undefined && binding === undefined)) {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
    const links = [
      ['pay', 'Pay'],
      ['refuse', 'Refuse'],
      ['leave', 'Back without paying'],
    ];
    return response.end(page(`Simulated gateway: ${id.replace(/\W/g, '')}`, links));
  }
  if (purchase !== undefined && act === 'pay') world.payments.pay(id);
  if (purchase !== undefined && act === 'refuse') world.payments.refuse(id);
  response.writeHead(303, { Location: purchase === undefined ? '/wallet?v=visit.test' : `/r/visit.test/${id}` });
  return response.end();
}

/** `/r/TOKEN/PURCHASE`: where a gateway sends the browser back to. */
export function returned(world, url, response) {
  const [token = '', id = ''] = url.pathname.split('/').slice(2);
  const query = `?v=${encodeURIComponent(token)}`;
  response.writeHead(303, { Location: world.purchases.has(id) ? `/purchase/${id}${query}` : `/${query}` });
  response.end();
}
