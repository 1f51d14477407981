import { createRequire } from 'node:module'
import { findTslab } from '../tslab-location.ts'

/** A node of a syntax tree, with the parts that the check looks at. */
export interface Node {
  readonly kind: number
  readonly parent?: Node
  readonly text?: string
  readonly name?: Node
  readonly propertyName?: Node
  readonly statements?: readonly Node[]
  readonly modifiers?: readonly Node[]
  readonly declarationList?: { readonly declarations: readonly Node[] }
  readonly elements?: readonly Node[]
  readonly parameters?: readonly Node[]
  readonly importClause?: Node
  readonly namedBindings?: Node
  readonly expression?: Node
  readonly operand?: Node
  readonly left?: Node
  readonly operatorToken?: Node
  readonly awaitModifier?: Node
  /** Of a file alone. */
  readonly parseDiagnostics?: readonly Diagnostic[]
  getText(file?: Node): string
}

interface Diagnostic {
  readonly start: number
  readonly messageText: string | { readonly messageText: string }
}

/** The part of a TypeScript compiler that the check needs. */
export interface Syntax {
  readonly SyntaxKind: Readonly<Record<string, number>>
  readonly ScriptTarget: { readonly ES2022: number }
  createSourceFile(name: string, text: string, target: number, setParents: boolean): Node
  forEachChild(node: Node, visit: (child: Node) => void): void
}

/** The compiler that tslab itself reads cells with. */
export function tslabSyntax(from?: string): Syntax {
  return createRequire(findTslab(from).manifest)('@tslab/typescript-for-tslab') as Syntax
}
