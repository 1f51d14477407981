import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type RanCell, runNotebooks } from '../../src/notebook/cells/kernel-run.ts'
import { secretsIn } from '../../src/notebook/check/stored-secrets.ts'
import type { StoredOutput } from '../../src/notebook/document/index.ts'
import { type Notebook, readNotebook, textOf } from '../../src/notebook/index.ts'

/** A notebook of the repository. */
export interface StoredNotebook {
  readonly path: string
  /** File name. */
  readonly name: string
  readonly notebook: Notebook
}

const folder = resolve(import.meta.dirname, '..', '..', 'notebooks')

function notebooksOf(place: string): readonly StoredNotebook[] {
  // The index has pictures of the others and no code.
  const names = readdirSync(place).filter((name) => name.endsWith('.ipynb') && name !== 'index.ipynb')
  return names.sort().map((name) => ({ path: join(place, name), name, notebook: readNotebook(join(place, name)) }))
}

/** The notebooks of the showcase. */
export const stored = notebooksOf(folder)

/** Notebooks that take a shipped runbook from its check to its undo. */
export const twins = notebooksOf(join(folder, 'runbooks'))

/** All of them. */
export const everyNotebook = [...stored, ...twins]

/**
 * Executes notebooks in tslab as it comes, one process for each folder.
 *
 * @returns By file name: the cells that ran.
 */
export async function runStored(
  notebooks: readonly StoredNotebook[],
  environment: Readonly<Record<string, string>>,
): Promise<Map<string, readonly RanCell[]>> {
  const byFolder = [stored, twins].map((all) => all.filter((each) => notebooks.includes(each)))
  const runs = byFolder.map(async (all) => {
    const [first] = all
    if (first === undefined) return []
    const ran = await runNotebooks(
      all.map(({ notebook }) => notebook),
      { path: first.path, stock: true, environment },
    )
    return all.map(({ name }, index) => [name, ran[index]?.cells ?? []] as const)
  })
  return new Map((await Promise.all(runs)).flat())
}

/** What of a cell's outputs gives a secret, or something of a real connection, away. */
export function leaksIn(outputs: readonly StoredOutput[]): readonly string[] {
  return outputs.flatMap((output) => secretsIn(output, Object.values(canaries)))
}

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
    if (output.output_type === 'error') {
      all.push({ stream: 'error', text: (output.traceback as string[]).join('\n') })
      continue
    }
    const data = Object.entries(output.data ?? {}).map(([type, value]) => {
      const isText = Array.isArray(value) && value.every((line) => typeof line === 'string')
      return [type, isText ? textOf(value as string[]) : value]
    })
    all.push({ data: Object.fromEntries(data) as unknown })
  }
  return JSON.parse(JSON.stringify(all).replace(PUBLIC_KEY, 'made anew, alg'))
}

/** Of each output its kind and media types: what runs at the same time ends at slightly different times. */
export function kindsOf(outputs: readonly StoredOutput[] | undefined): readonly string[] {
  return (outputs ?? []).map(({ output_type, data }) => [output_type, ...Object.keys(data ?? {}).sort()].join(' '))
}

/** A key that a notebook makes is another one at each run: from its first line to the name of the next member. */
const PUBLIC_KEY = /BEGIN PUBLIC KEY[\s\S]*?\balg\b/g

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
