import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'

const EVERYWHERE = ['0.0.0.0', '::']

/** The host of URLs by which this machine reaches a server that listens on an address. */
export function urlHostOf(address: string): string {
  if (EVERYWHERE.includes(address)) return '127.0.0.1'
  return isIP(address) === 6 ? `[${address}]` : address
}

/** Whether only this machine reaches a server that listens there. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

/** The addresses, beside the usual ones of loopback, by which a server that listens on a host is reached. */
export function addressesOf(host: string): readonly string[] {
  if (!EVERYWHERE.includes(host)) return isIP(host) === 0 ? [] : [host]
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  return all.filter((each) => !each.internal).map((each) => each.address)
}
