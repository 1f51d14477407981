import { type Clock, systemClock } from '../plan/index.ts'

let mark: string | undefined

/** Names this process, for identities that mean nothing in another one and must not be met there. */
export function processMark(): string {
  mark ??= crypto.randomUUID()
  return mark
}

const numbers = new WeakMap<Clock, number>()
let count = 0

/** Tokens of an embedded tenant's own time mean nothing on another clock, so that each clock keeps its own. */
export function clockIdentity(clock: Clock): string {
  if (clock === systemClock) return ''
  let number = numbers.get(clock)
  if (number === undefined) {
    number = ++count
    numbers.set(clock, number)
  }
  return `clock-${processMark()}-${number}`
}
