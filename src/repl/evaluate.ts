import type { REPLServer } from 'node:repl'
import { transform } from 'sucrase'

/** Takes the types out of a piece of TypeScript; what does not parse is left for the console to complain about. */
export function withoutTypes(code: string): string {
  try {
    return transform(code, { transforms: ['typescript'], disableESTransforms: true, preserveDynamicImport: true }).code
  } catch {
    return code
  }
}

/** Makes the console read TypeScript: types are taken out before Node evaluates. */
export function readTypeScript(server: REPLServer): void {
  const { eval: evaluate } = server
  const typed: REPLServer['eval'] = function (this: REPLServer, code, context, file, done) {
    evaluate.call(this, withoutTypes(code), context, file, done)
  }
  Object.defineProperty(server, 'eval', { value: typed })
}
