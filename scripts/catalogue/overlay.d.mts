interface Part {
  // biome-ignore lint/suspicious/noExplicitAny: a part of an OpenAPI document, of any shape.
  [key: string]: any
}
interface Given {
  readonly file: string
  document: Part
}
export function isOverlay(document: Part): boolean
export function layOverlays(files: readonly Given[]): Given[]
export function layOver(base: Part, additions: Part, named?: boolean): Part
