// Moves the focus to the heading of a new view, so that a screen reader reads it.
let firstView = true;

/** For headings with tabindex="-1". The very first view keeps the browser's own focus. */
export function focusHeading(node: HTMLElement): void {
  if (firstView) {
    firstView = false;
    return;
  }
  node.focus({ preventScroll: true });
}

/** For messages that appear in answer to an action: they must not stay below the fold unseen. */
export function focusMessage(node: HTMLElement): void {
  node.focus({ preventScroll: true });
  node.scrollIntoView({ block: 'nearest' });
}
