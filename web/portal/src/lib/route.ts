// The addresses of the portal. The query keeps the visit and the language, so that a reload loses nothing.
import type { Language } from '../api/types';

export type Route =
  | { page: 'home' }
  | { page: 'purchase'; id: string }
  /** Choosing how to pay for a package. */
  | { page: 'pay'; id: string; kind: 'new' | 'extension' }
  | { page: 'receipt'; id: string }
  | { page: 'session' | 'extend' | 'history' | 'wallet' | 'find-transfer' };

/** Unknown paths lead home. */
export function routeOf(pathname: string): Route {
  const [first = '', second = '', ...rest] = pathname.split('/').filter((part) => part !== '');
  if (first === 'pay' && second !== '' && rest.join('/') === 'extend')
    return { page: 'pay', id: decoded(second), kind: 'extension' };
  if (rest.length > 0) return { page: 'home' };
  if (first === 'pay' && second !== '') return { page: 'pay', id: decoded(second), kind: 'new' };
  if ((first === 'purchase' || first === 'receipt') && second !== '') return { page: first, id: decoded(second) };
  if (second !== '') return { page: 'home' };
  switch (first) {
    case 'session':
    case 'extend':
    case 'history':
    case 'wallet':
    case 'find-transfer':
      return { page: first };
    default:
      return { page: 'home' };
  }
}

export function pathOf(route: Route): string {
  switch (route.page) {
    case 'home':
      return '/';
    case 'pay':
      return `/pay/${encodeURIComponent(route.id)}${route.kind === 'extension' ? '/extend' : ''}`;
    case 'purchase':
    case 'receipt':
      return `/${route.page}/${encodeURIComponent(route.id)}`;
    case 'session':
    case 'extend':
    case 'history':
    case 'wallet':
    case 'find-transfer':
      return `/${route.page}`;
  }
}

export interface Context {
  visit: string | null;
  language: Language | null;
}

export function contextOf(search: string): Context {
  const query = new URLSearchParams(search);
  const language = query.get('lang');
  return { visit: query.get('v'), language: language === 'vi' || language === 'en' ? language : null };
}

export function addressOf(route: Route, context: Context): string {
  return pathOf(route) + searchOf(context);
}

function searchOf({ visit, language }: Context, extra: Record<string, string> = {}): string {
  const query = new URLSearchParams(extra);
  if (visit !== null) query.set('v', visit);
  if (language !== null) query.set('lang', language);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** The plain page that a full navigation leads to: phones look again for a captive portal only then. */
export function onlineAddress(context: Context, until: string | null): string {
  return `/online.html${searchOf(context, until === null ? {} : { until })}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
