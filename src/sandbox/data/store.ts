import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { isJsonObject, type Json, type JsonObject } from '../../plan/index.ts'
import type { Core } from '../core.ts'
import { NAMED_TABLES, type Table } from '../tenant/index.ts'
import type { SandboxSnapshot } from '../types.ts'

const SNAPSHOT = 'snapshot.json'
const LOG = 'changes.jsonl'
/** Size in bytes from which the log is folded into a new snapshot. */
const MOST_LOG = 16 * 1_048_576

/** The files of a running tenant. */
export interface DataStore {
  /** Writes what has changed, and returns when it is on the disk. */
  flush(): void
  close(): void
}

/** One changed record: its table, its key, and what it is now; `null` where it is gone. */
type Change = readonly [table: string, key: string, record: JsonObject | null]

interface LogLine {
  readonly now: number
  readonly random: Json
  readonly changes: readonly Change[]
}

/**
 * The state that a folder holds; `undefined` for a folder without one. A last line that a crash has cut is left out: the
 * request that it belonged to was never answered.
 * @throws TypeError when the snapshot cannot be read
 */
export function readData(folder: string): SandboxSnapshot | undefined {
  const file = join(folder, SNAPSHOT)
  if (!existsSync(file)) return undefined
  const snapshot = readSnapshot(file)
  const log = join(folder, LOG)
  const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(0, -1) : []
  const tables = new Map(
    Object.entries(snapshot.tables)
      .filter(([name]) => name !== 'others')
      .map(mapOf),
  )
  const others = new Map((snapshot.tables.others as unknown as [string, Json][]).map(mapOf))
  let { now } = snapshot
  let random = snapshot.random as Json
  for (const line of lines) {
    const entry = JSON.parse(line) as LogLine
    now = entry.now
    random = entry.random
    for (const [name, key, record] of entry.changes) {
      const into = tables.get(name) ?? others.get(name) ?? new Map<string, JsonObject>()
      if (!tables.has(name)) others.set(name, into)
      if (record === null) into.delete(key)
      else into.set(key, record)
    }
  }
  const listed = [...tables].map(([name, records]) => [name, [...records]])
  const all = { ...Object.fromEntries(listed), others: [...others].map(([name, records]) => [name, [...records]]) }
  return { ...snapshot, now, random, tables: all as unknown as Json }
}

function readSnapshot(file: string): SandboxSnapshot & { readonly tables: JsonObject } {
  const refuse = (why: string): never => {
    throw new TypeError(`sandbox(): ${file} ${why}. Name another folder for "data", or put a good copy there.`)
  }
  try {
    const read = JSON.parse(readFileSync(file, 'utf8'))
    if (read?.version === 1 && isJsonObject(read.tables) && Array.isArray(read.tables.others)) return read
  } catch (error) {
    return refuse(`cannot be read: ${(error as Error).message}`)
  }
  return refuse('is not the state of an embedded tenant')
}

function mapOf([name, records]: readonly [string, Json]): readonly [string, Map<string, JsonObject>] {
  return [name, new Map(records as unknown as [string, JsonObject][])]
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw new TypeError(`sandbox(): "data" must be a folder that can be written; ${(error as Error).message}.`)
  }
}

/** Keeps the state of a tenant in a folder from now on, beginning with a snapshot of it. */
export function openData(folder: string, core: Core, snapshot: () => SandboxSnapshot): DataStore {
  makeFolder(folder)
  const { tables } = core
  const tracked = new Map<string, Table>()
  const documents = new Map<string, JsonObject>(tables.documents)
  const log = openSync(join(folder, LOG), 'a')
  let size = 0

  const track = (name: string, table: Table): void => {
    if (tracked.get(name) === table) return
    tracked.set(name, table)
    table.trackChanges()
  }
  const everyTable = (): readonly (readonly [string, Table])[] => [
    ...NAMED_TABLES.filter((name) => name !== 'documents').map(
      (name) => [name, tables[name] as unknown as Table] as const,
    ),
    ...tables.others,
  ]
  const fold = (): void => {
    const text = JSON.stringify(snapshot())
    const next = join(folder, `${SNAPSHOT}.next`)
    const file = openSync(next, 'w')
    writeSync(file, text)
    fsyncSync(file)
    closeSync(file)
    // A crash before the log is cut does no harm: its changes are in the snapshot, and make it again.
    renameSync(next, join(folder, SNAPSHOT))
    ftruncateSync(log, 0)
    size = 0
  }
  const changes = (): readonly Change[] => {
    const found: Change[] = []
    // A table that went with the record above it: its records are gone, though nothing was taken from it.
    for (const [name, table] of tracked) {
      if (tables.others.get(name) === table || NAMED_TABLES.some((each) => each === name)) continue
      for (const key of table.keys()) found.push([name, key, null])
      tracked.delete(name)
    }
    for (const [name, table] of everyTable()) {
      const isNew = tracked.get(name) !== table
      track(name, table)
      for (const key of isNew ? table.keys() : table.takeChanged()) found.push([name, key, table.get(key) ?? null])
    }
    for (const [key, record] of tables.documents)
      if (documents.get(key) !== record) found.push(['documents', key, record])
    for (const key of documents.keys()) if (!tables.documents.has(key)) found.push(['documents', key, null])
    documents.clear()
    for (const [key, record] of tables.documents) documents.set(key, record)
    return found
  }

  for (const [name, table] of everyTable()) track(name, table)
  fold()
  return {
    flush() {
      const found = changes()
      if (found.length === 0) return
      const line: LogLine = { now: core.clock.now(), random: core.random.state() as Json, changes: found }
      const text = `${JSON.stringify(line)}\n`
      writeSync(log, text)
      fsyncSync(log)
      size += Buffer.byteLength(text)
      if (size > MOST_LOG) fold()
    },
    close() {
      fold()
      closeSync(log)
    },
  }
}
