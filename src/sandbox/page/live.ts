import type { ServerResponse } from 'node:http'
import type { OutboxMessage } from '../contract.ts'
import type { SandboxRequest } from '../types.ts'
import type { View } from './parts.ts'
import { REGIONS } from './regions.ts'
import { KINDS } from './sections/index.ts'

/** Milliseconds between two looks at the tenant, while somebody watches. */
const EVERY = 200

/** Tells open pages what changed, by server-sent events. */
export interface Live {
  watch(response: ServerResponse): void
  close(): void
}

interface Watcher {
  readonly response: ServerResponse
  /** What each region showed last. */
  readonly shown: Map<string, string>
  lastMessage: OutboxMessage | undefined
  lastRequest: SandboxRequest | undefined
}

/**
 * The tenant changes from many places, from code that holds it above all, so the page looks rather than being told; it
 * looks only while a page is open.
 */
export function createLive(view: View): Live {
  const watchers = new Set<Watcher>()
  let timer: NodeJS.Timeout | undefined

  const look = (): void => {
    const drawn = REGIONS.map(({ draw, id }) => [id, draw(view).text] as const)
    for (const watcher of watchers) {
      // A page that does not read, such as one in a sleeping tab, gets the newest state when it does.
      if (watcher.response.writableNeedDrain) continue
      for (const [id, html] of drawn) {
        if (watcher.shown.get(id) === html) continue
        const arrived = watcher.shown.has(id) ? arrivals(id, view, watcher) : undefined
        watcher.shown.set(id, html)
        send(watcher.response, { id, html, ...(arrived === undefined ? {} : { say: arrived }) })
      }
      watcher.lastMessage = view.outbox.at(-1)
      watcher.lastRequest = view.requests.at(-1)
    }
  }
  const leave = (watcher: Watcher): void => {
    watchers.delete(watcher)
    if (watchers.size > 0) return
    clearInterval(timer)
    timer = undefined
  }

  return {
    watch(response) {
      const watcher = { response, shown: new Map(), lastMessage: undefined, lastRequest: undefined }
      watchers.add(watcher)
      response.once('close', () => leave(watcher))
      response.write('retry: 1000\n\n')
      look()
      timer ??= setInterval(look, EVERY).unref()
    },
    close() {
      for (const { response } of watchers) response.end()
      clearInterval(timer)
    },
  }
}

function send(response: ServerResponse, region: object): void {
  response.write(`event: region\ndata: ${JSON.stringify(region)}\n\n`)
}

/** What a screen reader says of what arrived. */
function arrivals(region: string, view: View, watcher: Watcher): string | undefined {
  if (region === 'inbox') {
    const news = after(view.outbox, watcher.lastMessage)
    const last = news.at(-1)
    if (last === undefined) return undefined
    const first = `New in the inbox: ${KINDS[last.kind]} to ${last.to}`
    return news.length === 1 ? `${first}.` : `${first}, and ${news.length - 1} more.`
  }
  if (region !== 'requests') return undefined
  const news = after(view.requests, watcher.lastRequest)
  const last = news.at(-1)
  if (last === undefined) return undefined
  const first = `${last.method} ${last.path} was answered with ${last.status === 0 ? 'a cut connection' : last.status}`
  return news.length === 1 ? `${first}.` : `${news.length} requests; the last, ${first}.`
}

function after<T>(list: readonly T[], last: T | undefined): readonly T[] {
  return last === undefined ? list : list.slice(list.lastIndexOf(last) + 1)
}
