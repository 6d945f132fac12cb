// Which banking app opens for an open transfer, and by which link. Pure.
import type { Bank } from '../../api/types';
import { appLink } from '../../lib/links';

export interface OpenableApp {
  bin: string;
  name: string;
  link: string;
  fillsIn: boolean;
}

/** By name; empty when the server gives no links. */
export function openableApps(banks: readonly Bank[], template: string | null): OpenableApp[] {
  if (template === null) return [];
  return banks
    .flatMap(({ bank_bin, bank_name, app }) => {
      const link = app === null ? null : appLink(template.replace('{app}', encodeURIComponent(app.id)));
      return app === null || link === null ? [] : [{ bin: bank_bin, name: bank_name, link, fillsIn: app.fills_in }];
    })
    .sort((a, b) => a.name.localeCompare(b.name, 'vi'));
}

/** A link to where the portal itself is opens no app but the page of a simulated bank: on any device. */
export function isSimulated(template: string | null, portalHost: string): boolean {
  const link = template === null ? null : appLink(template.replace('{app}', 'any'));
  if (link === null) return false;
  try {
    return new URL(link).hostname === portalHost;
  } catch {
    return false;
  }
}
