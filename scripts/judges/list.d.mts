export const judgesFile: string
export const judges: readonly {
  readonly name: string
  readonly files: readonly string[]
  readonly of: string
  readonly without?: string
}[]
export const later: readonly string[]
