/** `2026-11-02 09:00:00`, in UTC as everything on the page. */
export function timeText(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ')
}

/** `09:00:00`. */
export function clockText(at: number): string {
  return new Date(at).toISOString().slice(11, 19)
}

/** `1 request`, `2 requests`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
