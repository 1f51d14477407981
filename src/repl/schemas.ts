import type { SchemaLookup } from '../catalogue/index.ts'
import { loadedSchemas, prepareHelp } from '../grammar/index.ts'

/** The schemas that completion reads fields from; where none are loaded yet, their loading begins. */
export function preparedSchemas(): SchemaLookup | undefined {
  const loaded = loadedSchemas()
  if (loaded === undefined) void prepareHelp()
  return loaded
}
