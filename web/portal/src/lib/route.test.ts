import { describe, expect, it } from 'vitest';
import { addressOf, contextOf, onlineAddress, pathOf, routeOf, type Route } from './route';

describe('routes', () => {
  const routes: Route[] = [
    { page: 'home' },
    { page: 'purchase', id: 'pur_1' },
    { page: 'purchase', id: 'a b/c' },
    { page: 'session' },
    { page: 'extend' },
    { page: 'history' },
    { page: 'wallet' },
    { page: 'find-transfer' },
    { page: 'receipt', id: 'pur_1' },
    { page: 'pay', id: 'pkg 3h', kind: 'new' },
    { page: 'pay', id: 'pkg_3h', kind: 'extension' },
  ];
  it.each(routes)('%j comes back from its path', (route) => {
    expect(routeOf(pathOf(route))).toEqual(route);
  });

  it('lead home from anything else', () => {
    for (const path of ['/nothing', '/session/x', '/purchase', '/purchase/a/b', '/pay', '/pay/a/b', '/receipt'])
      expect(routeOf(path).page).toBe('home');
    expect(routeOf('/purchase/%E0%A4%A')).toEqual({ page: 'purchase', id: '%E0%A4%A' });
  });

  it('carry the visit and a chosen language, and nothing else', () => {
    const context = contextOf('?v=a.b&lang=en&x=1');
    expect(context).toEqual({ visit: 'a.b', language: 'en' });
    expect(contextOf('?lang=fr')).toEqual({ visit: null, language: null });
    expect(addressOf({ page: 'session' }, context)).toBe('/session?v=a.b&lang=en');
    expect(addressOf({ page: 'home' }, { visit: null, language: null })).toBe('/');
    expect(onlineAddress(context, '2026-09-21T17:13:21Z')).toContain(
      '/online.html?until=2026-09-21T17%3A13%3A21Z&v=a.b',
    );
  });
});
