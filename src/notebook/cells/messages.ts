import { linesOf, type StoredOutput } from '../document/index.ts'

/** What a kernel puts out while a cell runs. */
export type CellMessage =
  | { readonly kind: 'stream'; readonly name: string; readonly text: string }
  | { readonly kind: 'display' | 'update' | 'result'; readonly content: DisplayMessage }
  | { readonly kind: 'error'; readonly content: ErrorMessage }

interface ErrorMessage {
  readonly ename: string
  readonly evalue: string
  readonly traceback: readonly string[]
}

interface DisplayMessage {
  readonly data: Readonly<Record<string, unknown>>
  readonly metadata?: object
  readonly transient?: { readonly display_id?: string }
}

type Draft =
  | { output_type: 'stream'; name: string; text: string }
  | { output_type: 'display_data' | 'execute_result'; data: Readonly<Record<string, unknown>>; metadata: object }
  | ({ output_type: 'error' } & ErrorMessage)

/** What a notebook stores of the messages: text of one stream joined, a display with an id in its last state. */
export function outputsOf(messages: readonly CellMessage[]): StoredOutput[] {
  const drafts: Draft[] = []
  const byId = new Map<string, Draft>()
  for (const message of messages) {
    if (message.kind === 'stream') {
      const last = drafts.at(-1)
      if (last?.output_type === 'stream' && last.name === message.name) last.text += message.text
      else drafts.push({ output_type: 'stream', name: message.name, text: message.text })
      continue
    }
    if (message.kind === 'error') {
      drafts.push({ output_type: 'error', ...message.content })
      continue
    }
    const { data, metadata = {}, transient } = message.content
    const id = transient?.display_id
    const known = id === undefined ? undefined : byId.get(id)
    if (known !== undefined) Object.assign(known, { data, metadata })
    else if (message.kind !== 'update') {
      const output_type = message.kind === 'result' ? 'execute_result' : 'display_data'
      const draft: Draft = { output_type, data, metadata }
      drafts.push(draft)
      if (id !== undefined) byId.set(id, draft)
    }
  }
  return drafts.map(stored)
}

function stored(draft: Draft): StoredOutput {
  if (draft.output_type === 'stream') return { name: draft.name, output_type: 'stream', text: linesOf(draft.text) }
  if (draft.output_type === 'error') return { ...draft }
  const data = Object.entries(draft.data).map(([type, value]) => [
    type,
    typeof value === 'string' ? linesOf(value) : value,
  ])
  return {
    data: Object.fromEntries(data) as Record<string, unknown>,
    metadata: draft.metadata,
    output_type: draft.output_type,
    ...(draft.output_type === 'execute_result' && { execution_count: null }),
  }
}
