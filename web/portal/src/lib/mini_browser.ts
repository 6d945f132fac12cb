// Which window this is. The sign-in windows of phones open no other apps, save no files and forget much; they do not
// say what they are, so what they leave out of their name is what tells. Only advice depends on it.

export type MiniBrowser = 'ios' | 'android' | null;

/** `userAgent`: navigator.userAgent. null: a browser like any other. */
export function miniBrowserOf(userAgent: string): MiniBrowser {
  // Apple's Captive Network Assistant, and other web views: WebKit without the name of a browser.
  if (/\b(iPhone|iPad|iPod|Macintosh)\b/.test(userAgent) && /AppleWebKit/.test(userAgent))
    return /(Safari|CriOS|FxiOS|EdgiOS|OPiOS)\//.test(userAgent) ? null : 'ios';
  // Android's CaptivePortalLogin is a WebView, marked "; wv".
  return /Android/.test(userAgent) && /;\s*wv\)|CaptivePortalLogin/.test(userAgent) ? 'android' : null;
}
