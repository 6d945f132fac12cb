// Whether this device is one that holds wallets and banking apps. Only the order of buttons depends on it.

/** `userAgent`: navigator.userAgent; `isCoarse`: whether a finger is what it is pointed at with. */
export function isPhone(userAgent: string, isCoarse: boolean): boolean {
  return isCoarse || /\b(iPhone|iPad|iPod|Android)\b/.test(userAgent);
}
