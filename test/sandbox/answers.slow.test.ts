import { describe, expect, it } from 'vitest'
import { checkSchema } from '../../src/sandbox/management/door/schema-check.ts'
import { documentPresent, OTHERWISE, readDocument } from './documented.ts'
import { bench } from './management/harness.ts'
import { walk } from './management/walk.ts'

describe.skipIf(!documentPresent)(
  'T17 every answer fits its own schema (skipped where ../shared/facts/openapi is absent)',
  () => {
    it.each(['minimal', 'full'] as const)('with %s requests', { timeout: 120_000 }, async (size) => {
      const { schemaOf, schemas } = readDocument()
      const answers = (name: string) => schemas[name] ?? {}
      const broken: string[] = []
      const walker = walk(bench(), size)
      for await (const { answer, row } of walker) {
        if (answer.status >= 300 || OTHERWISE.has(row.id)) continue
        const schema = schemaOf(row, answer.status)
        if (schema === undefined || answer.body === undefined) continue
        const breach = checkSchema(answer.body, schema, { lookup: answers, unknown: new Set() })
        if (breach !== undefined)
          broken.push(`${row.id} ${answer.status}: ${breach.rule} at ${breach.path || 'the root'}`)
      }
      expect(broken).toEqual([])
    })
  },
)
