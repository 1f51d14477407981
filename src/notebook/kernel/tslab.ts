/** The only version whose insides this profile knows. */
export const TSLAB = '1.0.22'

/** A node of a syntax tree. */
export interface SyntaxNode {
  readonly kind: number
}

export interface ShorthandProperty extends SyntaxNode {
  readonly name: { readonly text: string }
  readonly objectAssignmentInitializer?: SyntaxNode
}

export type Visitor = (node: SyntaxNode) => SyntaxNode
export type Transformer = (context: object) => (file: SyntaxNode) => SyntaxNode

/** The program of one cell. */
export interface CellProgram {
  getProgram(): { getTypeChecker(): TypeChecker }
  emit(file: object, write: unknown, cancellation: unknown, onlyTypes: unknown, transformers?: Transformers): unknown
}

export interface TypeChecker {
  getShorthandAssignmentValueSymbol(
    node: SyntaxNode,
  ): { readonly declarations?: readonly { getSourceFile(): { readonly fileName: string } }[] } | undefined
}

export interface Transformers {
  readonly before?: readonly Transformer[]
}

export interface WatchHost {
  afterProgramCreate?: (program: CellProgram) => void
}

/**
 * The part of the compiler inside tslab that the profile touches, by structure: tslab brings its own fork, and this
 * package depends on none.
 */
export interface Compiler {
  readonly ModuleResolutionKind: { readonly Bundler: number }
  readonly ScriptTarget: { readonly ES2022: number }
  readonly factory: {
    createIdentifier(text: string): SyntaxNode
    createPropertyAccessExpression(object: SyntaxNode, name: string): SyntaxNode
    createPropertyAssignment(name: SyntaxNode, value: SyntaxNode): SyntaxNode
    createAssignment(left: SyntaxNode, right: SyntaxNode): SyntaxNode
  }
  transpileModule(code: string, options: TranspileOptions): Transpiled
  createWatchCompilerHost(files: readonly string[], options: object, ...rest: readonly unknown[]): WatchHost
  createWatchProgram(host: WatchHost): object
  createSourceFile(name: string, text: string, target: number): SyntaxNode
  visitEachChild(node: SyntaxNode, visit: Visitor, context: object): SyntaxNode
  visitNode(node: SyntaxNode, visit: Visitor): SyntaxNode
  forEachChild<T>(node: SyntaxNode, visit: (child: SyntaxNode) => T | undefined): T | undefined
  isShorthandPropertyAssignment(node: SyntaxNode): node is ShorthandProperty
  isAwaitExpression(node: SyntaxNode): boolean
  isForOfStatement(node: SyntaxNode): node is SyntaxNode & { readonly awaitModifier?: SyntaxNode }
  isFunctionLike(node: SyntaxNode): boolean
}

export interface TranspileOptions {
  readonly compilerOptions: object
}

export interface Transpiled {
  readonly outputText: string
  readonly sourceMapText?: string
}

/** What tslab makes of a cell. */
export interface Converted {
  readonly output?: string
  hasToplevelAwait?: boolean
  readonly diagnostics: readonly unknown[]
}

export interface Converter {
  convert(earlier: string, source: string): Converted
}

export interface ConverterModule {
  createConverter(options?: object): Converter
}

/** Where tslab says what a cell answers, and what went wrong. */
export interface Says {
  log(...values: readonly unknown[]): void
  error(...values: readonly unknown[]): void
}

/** What completes a piece of code. */
export interface Completions {
  readonly candidates: readonly string[]
  /** All that the compiler offers there. */
  readonly original?: { readonly entries: readonly { readonly name: string }[] }
}

export interface Executor {
  execute(source: string): Promise<boolean>
  complete(source: string, position: number): Completions
  interrupt(): void
}

export interface ExecutorModule {
  createExecutor(folder: string, converters: object, says: Says): Executor
}

export type WriteStream = (name: string, text: string) => void
export type WriteDisplay = (content: DisplayContent, update?: boolean) => void

/** The content of a `display_data` message. */
export interface DisplayContent {
  readonly data: object
  readonly metadata: object
  readonly transient: object
}

/** A message of the Jupyter protocol, as tslab keeps it. */
export interface KernelMessage {
  readonly header: { msg_type: string; readonly date?: string }
  content: Record<string, unknown>
  createReply(): KernelMessage
  signAndSend(key: string, socket: KernelSocket): void
}

export type Frames = readonly (string | Uint8Array)[]

/** A zeromq socket. */
export interface KernelSocket {
  /** Only where messages can be sent. */
  sendHighWaterMark?: number
  bind(address: string): Promise<void>
  send(frames: Frames): Promise<void>
  receive(): Promise<Uint8Array[]>
  close(): void
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array[]>
}

export interface KernelServer {
  readonly connInfo: { readonly key: string }
  readonly iopub: KernelSocket
  readonly shell: KernelSocket
  readonly control: KernelSocket
  readonly stdin: KernelSocket
  readonly hb: KernelSocket
  readonly handler: {
    /** Runs a cell at once; throws where it failed. */
    handleExecuteImpl(content: object, writeStream: WriteStream, writeDisplay: WriteDisplay): Promise<unknown>
  }
  handleExecute(socket: KernelSocket, message: KernelMessage): Promise<void>
  close(): void
}

export interface JupyterModule {
  readonly ZmqServer: { readonly prototype: KernelServer }
  readonly lastWriteDisplayData: WriteDisplay | null
}
