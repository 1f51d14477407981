import { mkdtemp, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ReadLines } from '../../flow/index.ts'
import { AbortedError, ApiError, isTenantlabError, NetworkError, type Unsubscribable } from '../../plan/index.ts'
import type { HttpReply, Transport } from '../../wire/index.ts'

const NEXT = 'Run it again: reading the job gives a new link for 24 hours.'

/**
 * Reads the lines behind a link by the session's transport, and without its credential. They are written to a file that
 * only its owner may read before the first is handed on, and that is removed at the end: a link lasts a minute, and what is
 * done with the lines may take hours.
 */
export function lineReader(transport: Transport, domain: string): ReadLines {
  return async function* (link, signal) {
    refuseOpen(link, domain)
    const folder = await mkdtemp(join(process.getBuiltinModule('node:os').tmpdir(), 'tenantlab-export-'))
    try {
      const path = join(folder, 'lines')
      await download(transport, { link, path, signal })
      const file = await open(path)
      let rest = ''
      for await (const text of file.createReadStream({ encoding: 'utf8' })) {
        const lines = (rest + text).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) if (line !== '') yield line.endsWith('\r') ? line.slice(0, -1) : line
      }
      if (rest !== '') yield rest
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
}

/** A link is a credential: it goes over TLS, or to the tenant itself. */
function refuseOpen(link: string, domain: string): void {
  const url = URL.canParse(link) ? new URL(link) : undefined
  const host = domain.replace(/^https?:\/\//, '')
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && url.host === host)) return
  throw new NetworkError(
    'auth0.users.export(): the job has no link over https, so that nothing was read. Export again.',
    {
      code: 'ERR_INVALID_URL',
    },
  )
}

async function download(
  transport: Transport,
  { link, path, signal }: { readonly link: string; readonly path: string; readonly signal: AbortSignal },
): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await new Promise<void>((resolve, reject) => {
      let running: Unsubscribable | undefined
      const abort = (): void => {
        running?.unsubscribe()
        reject(new AbortedError('auth0.users.export() was aborted while its file was read. Run it again.'))
      }
      if (signal.aborted) return abort()
      signal.addEventListener('abort', abort, { once: true })
      const end = (settle: () => void): void => {
        signal.removeEventListener('abort', abort)
        settle()
      }
      const fail = (error: unknown): void => end(() => reject(told(error)))
      let writing: Promise<unknown> = Promise.resolve()
      const take = (reply: HttpReply): void => {
        if (reply.status >= 300) return fail(refused(reply.status))
        const done = (): void => {
          writing.then(() => end(resolve), fail)
        }
        const write = (text: string): void => {
          writing = writing.then(() => file.write(text))
          // A failure is told at the end.
          writing.catch(() => undefined)
        }
        if (reply.chunks === undefined) {
          write(reply.body)
          return done()
        }
        running = reply.chunks.subscribe({ next: write, error: fail, complete: done })
      }
      running = transport({ method: 'GET', url: link, headers: { accept: '*/*' }, stream: true, list: true }).subscribe(
        {
          next: take,
          error: fail,
        },
      )
    })
  } finally {
    await file.close()
  }
}

function refused(status: number): ApiError {
  const serverMessage = `the link was answered with ${status}`
  return new ApiError(`auth0.users.export(): ${serverMessage}. ${NEXT}`, { status, serverMessage })
}

/** What went wrong, without the link, which is all that is needed to read the users. */
function told(error: unknown): unknown {
  if (!isTenantlabError(error)) return error
  const { code } = error as { code?: string }
  return new NetworkError(
    `auth0.users.export(): the file could not be read${code === undefined ? '' : ` (${code})`}. ${NEXT}`,
    code === undefined ? {} : { code },
  )
}
