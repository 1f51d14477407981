import { isNode, type TreeNode } from '../../code/index.ts'
import type { Book } from './book.ts'
import type { Known } from './known.ts'
import { bindingsOf } from './names.ts'
import type { Place } from './place.ts'
import { declaredWithin, isRun } from './shapes.ts'
import type { CodeWriter, StepWriter } from './steps.ts'

/** Writes async functions whose runs are steps as generators, which the runbook calls by `yield*`. */
export class GeneratorWriter {
  readonly #book: Book
  readonly #resolved: ReadonlyMap<TreeNode, Known>
  readonly #steps: StepWriter
  readonly #write: Pick<CodeWriter, 'node' | 'list'>

  constructor(
    book: Book,
    resolved: ReadonlyMap<TreeNode, Known>,
    steps: StepWriter,
    write: Pick<CodeWriter, 'node' | 'list'>,
  ) {
    this.#book = book
    this.#resolved = resolved
    this.#steps = steps
    this.#write = write
  }

  generator(node: TreeNode, place: Place): string {
    const parameters = (node.params as TreeNode[]).flatMap((each) => bindingsOf(each).map(({ name }) => name as string))
    const declared = declaredWithin(node.body)
    const inner: Place = {
      kind: 'generator',
      varies: new Set([...place.varies, ...parameters, ...declared, ' function']),
      block: { pending: [] },
    }
    const known = isNode(node.id) ? this.#resolved.get(node.id) : undefined
    const name = known?.kind === 'generator' ? ` ${known.text}` : ' '
    const types = isNode(node.typeParameters) ? this.#write.node(node.typeParameters, inner) : ''
    const given = this.#write.list(node.params, inner, node)
    const answer = isNode(node.returnType) ? this.#answer(node.returnType, inner) : ''
    return `async function*${name}${types}(${given})${answer} ${this.#body(node, inner)}`
  }

  #body({ body, ...node }: TreeNode, place: Place): string {
    if (body.type === 'BlockStatement') return this.#write.node(body, place)
    const value = isRun(body)
      ? this.#steps.awaited(body, place)
      : this.#write.node(body, place, { ...node, type: 'ReturnStatement' })
    return `{ return ${value} }`
  }

  #answer(returnType: TreeNode, place: Place): string {
    const type = returnType.typeAnnotation as TreeNode
    const [value] = (type.typeArguments ?? type.typeParameters)?.params ?? []
    if (type.typeName?.name !== 'Promise' || !isNode(value)) return ''
    this.#book.library.add('type StepRequest')
    return `: AsyncGenerator<StepRequest, ${this.#write.node(value, place)}, unknown>`
  }
}
