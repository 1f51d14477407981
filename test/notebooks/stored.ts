import { basename } from 'node:path'
import { readNotebook, textOf } from '../../scripts/notebook-format.mjs'
import type { StoredOutput } from '../../scripts/notebook-run.mjs'
import { notebooks, notebooksOf } from '../../scripts/notebook-run.mjs'

/** The notebooks of the repository, by file name. */
export const stored = notebooksOf(notebooks).map((path) => ({
  path,
  name: basename(path),
  notebook: readNotebook(path),
}))

/**
 * Outputs with their texts joined, and neighbours of one stream made one: neither the way a file breaks lines counts,
 * nor how many messages a client kept apart.
 */
export function joined(outputs: readonly StoredOutput[] | undefined): unknown[] {
  const all: { stream?: string; text?: string; data?: unknown }[] = []
  for (const output of outputs ?? []) {
    if (output.output_type === 'stream') {
      const text = textOf(output.text)
      const last = all.at(-1)
      if (last !== undefined && last.stream === output.name) last.text += text
      else all.push({ stream: output.name ?? '', text })
      continue
    }
    const data = Object.entries(output.data ?? {}).map(([type, value]) => {
      const isText = Array.isArray(value) && value.every((line) => typeof line === 'string')
      return [type, isText ? textOf(value as string[]) : value]
    })
    all.push({ data: Object.fromEntries(data) as unknown })
  }
  return all
}

/** Values that no output may show: what a real connection would bring in, if it were read. */
export const canaries = {
  AUTH0_DOMAIN: 'canary-domain.example.com',
  AUTH0_CLIENT_ID: 'canary-client-id-3f2a',
  AUTH0_CLIENT_SECRET: 'canary-client-secret-9b1c',
  AUTH0_AUDIENCE: 'https://canary-audience.example.com/',
  AUTH0_CUSTOM_DOMAIN: 'canary-custom.example.com',
} as const

/** Everything that a cell shows, as one text. */
export function shownBy(outputs: readonly StoredOutput[]): string {
  return JSON.stringify(joined(outputs))
}

/** What a token, a one-time code beside its name, or a key looks like. */
export const SECRET_SHAPES: readonly RegExp[] = [
  /eyJ[\w-]{8,}\.[\w-]+/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /"?(?:access_token|refresh_token|id_token|client_secret|password|mfa_token|oob_code|binding_code|recovery_code)"?\s*[:=]\s*['"]?(?!«secret»|\$|string|undefined|null)[\w|.+/-]{6,}/i,
  /otpauth:\/\/\w+\/\S*secret=(?!«)/,
]
