import type { Options, Parser } from 'acorn'
import type { TreeNode } from './tree.ts'

/** Reads TypeScript; each node knows its place in the text. */
export type Reader = (code: string) => readonly TreeNode[]

/** Loads the parser, which nothing but an export needs. */
export async function reader(): Promise<Reader> {
  const [acorn, { tsPlugin }] = await Promise.all([import('acorn'), import('@sveltejs/acorn-typescript')])
  const parser = acorn.Parser.extend(tsPlugin() as unknown as (base: typeof Parser) => typeof Parser)
  const options: Options = { ecmaVersion: 'latest', sourceType: 'module', allowAwaitOutsideFunction: true }
  return (code) => (parser.parse(code, { ...options, locations: true }) as unknown as { body: TreeNode[] }).body
}
