// Addresses that lead out of the portal. They come from gateways through the server: never a script, whatever comes.

/** A page to go to; null for anything but http and https. */
export function pageLink(address: string | null): string | null {
  const scheme = schemeOf(address);
  return scheme === 'https' || scheme === 'http' ? address : null;
}

/** An app to open, by a page or by the app's own scheme; null for what a browser would run or show by itself. */
export function appLink(address: string | null): string | null {
  const scheme = schemeOf(address);
  if (scheme === null || ['javascript', 'data', 'vbscript', 'blob', 'file', 'about'].includes(scheme)) return null;
  return address;
}

/** As a browser reads it: lower case, control characters and blanks skipped. */
function schemeOf(address: string | null): string | null {
  const text = (address ?? '').replace(/[\u0000-\u0020]/g, '');
  return /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase() ?? null;
}
