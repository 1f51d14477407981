import remapping, { type SourceMapInput } from '@jridgewell/remapping'

/**
 * One source map of two: from what runs, over the code without its types, to what was typed.
 *
 * @param rewritten map of the last change.
 * @param types map of the change that took the types out.
 * @param source what was typed.
 */
export function remapped(rewritten: object, types: object | undefined, source: string): string {
  const maps = types === undefined ? [rewritten] : [rewritten, types]
  const map = remapping(maps as SourceMapInput[], () => null)
  return JSON.stringify({ ...map, sourcesContent: [source] })
}
