const LEEWAY = 10_000

/** Ten seconds early, but never so early that a short-lived token would be fetched for every call. */
export function renewalOf(expiresAt: number, now: number): number {
  return expiresAt - Math.min(LEEWAY, (expiresAt - now) / 4)
}
