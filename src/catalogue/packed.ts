import type {
  BodyEncoding,
  CustomDomainRule,
  Effect,
  Inverse,
  MergeRule,
  OperationRow,
  PagingStyle,
  RetryClass,
} from './row.ts'

/** A row as the generator writes it: what every row has, then what differs from the usual. */
export type PackedRow = readonly [
  id: string,
  method: string,
  path: string,
  scopes: string,
  docs: string,
  extra: PackedExtra,
]

/** Columns that a row names only where they differ from the usual; lists of words are separated by spaces. */
export interface PackedExtra {
  readonly at?: readonly number[]
  readonly query?: string
  readonly querySchema?: string
  readonly body?: readonly [schema: string, required: number, encoding?: BodyEncoding]
  readonly paging?: readonly [
    style: PagingStyle,
    items: string,
    totals: number,
    most: number,
    reach?: number,
    beyond?: string,
  ]
  readonly effect?: Effect
  readonly retry?: RetryClass
  readonly allScopes?: number
  readonly customDomain?: CustomDomainRule
  readonly rate?: string
  readonly secretBody?: number
  readonly secretAnswer?: number
  readonly secretUrls?: string
  readonly twin?: string
  readonly merge?: MergeRule
  readonly inverse?: readonly [kind: Inverse['kind'], operation: string, detail?: string]
  readonly index?: string
  readonly settle?: number
  readonly statuses?: readonly number[]
  readonly clientFields?: OperationRow['clientFields']
  readonly unique?: string
  readonly answerAs?: OperationRow['answerAs']
  readonly lifecycle?: OperationRow['lifecycle']
  readonly notes?: readonly string[]
  readonly added?: number
}

/** Milliseconds after which an index shows a write, unless its row says otherwise. */
const USUAL_SETTLE = 10_000

const words = (text: string | undefined): readonly string[] =>
  text === undefined || text === '' ? [] : text.split(' ')

/** Spells a packed row out. `secretSets` are the shared sets of secret paths. */
export function unpack(packed: PackedRow, secretSets: readonly string[]): OperationRow {
  const [id, method, path, scopes, docs, extra] = packed
  const segments = id.split('.')
  const api = segments[0] === 'authentication' ? 'authentication' : 'management'
  const names = [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] as string)
  const secrets = (index: number | undefined) => (index === undefined ? [] : words(secretSets[index]))
  const { paging, body } = extra
  return Object.freeze({
    id,
    api,
    method: method as OperationRow['method'],
    path,
    group: segments.slice(0, -1),
    verb: segments[segments.length - 1] as string,
    parameters: names.map((name, index) => ({ name, segment: extra.at?.[index] ?? -1 })),
    scopes: words(scopes),
    allScopes: extra.allScopes === 1,
    effect: extra.effect ?? (method === 'GET' ? 'read' : 'write'),
    retry: extra.retry ?? (method === 'POST' ? 'unsafe' : 'idempotent'),
    ...(paging && {
      paging: {
        style: paging[0],
        items: paging[1],
        totals: paging[2] === 1,
        most: paging[3],
        ...(paging[4] !== undefined && { reach: paging[4] }),
        ...(paging[5] !== undefined && { beyond: paging[5] }),
      },
    }),
    customDomain: extra.customDomain ?? 'removed',
    rateKey: extra.rate === undefined ? api : `${api}.${extra.rate}`,
    secretBody: secrets(extra.secretBody),
    secretAnswer: secrets(extra.secretAnswer),
    secretUrls: words(extra.secretUrls),
    ...(extra.twin !== undefined && { twin: extra.twin }),
    ...(extra.merge !== undefined && { merge: extra.merge }),
    ...(body && { body: { encoding: body[2] ?? 'json', schema: body[0], required: body[1] === 1 } }),
    query: words(extra.query),
    ...(extra.querySchema !== undefined && { querySchema: extra.querySchema }),
    reads: extra.index === undefined ? 'store' : 'index',
    ...(extra.index !== undefined && { storeReads: words(extra.index), settle: extra.settle ?? USUAL_SETTLE }),
    ...(extra.inverse !== undefined && { inverse: inverse(extra.inverse) }),
    ...(extra.answerAs !== undefined && { answerAs: extra.answerAs }),
    ...(extra.unique !== undefined && { unique: words(extra.unique) }),
    clientFields: extra.clientFields ?? 'none',
    statuses: extra.statuses ?? [200],
    lifecycle: extra.lifecycle ?? 'GA',
    docs,
    notes: extra.notes ?? [],
    added: extra.added === 1,
  })
}

function inverse([kind, operation, detail]: NonNullable<PackedExtra['inverse']>): Inverse {
  if (kind === 'restore') return { kind, operation, hidden: words(detail) }
  return { kind, operation, ...(detail !== undefined && { key: detail }) }
}
