/** Check codewords of each block at level L, for versions 1 to 40 (ISO/IEC 18004, table 9). */
const CHECKS = [
  7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30, 30, 30,
  30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
]
/** Number of blocks at level L. */
const BLOCKS = [
  1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19,
  20, 21, 22, 24, 25,
]

/** How a version splits its codewords. */
export interface Blocks {
  /** Data codewords of each block, short blocks first. */
  readonly sizes: readonly number[]
  /** Check codewords of each. */
  readonly checks: number
}

/** All codewords that a version has room for: its modules without the fixed patterns, in whole bytes. */
export function codewordsOf(version: number): number {
  let modules = (16 * version + 128) * version + 64
  if (version >= 2) {
    const alignments = Math.floor(version / 7) + 2
    modules -= (25 * alignments - 10) * alignments - 55
    if (version >= 7) modules -= 36
  }
  return Math.floor(modules / 8)
}

/** Data codewords of a version. */
export function capacityOf(version: number): number {
  return codewordsOf(version) - (CHECKS[version - 1] ?? 0) * (BLOCKS[version - 1] ?? 0)
}

/** The blocks of a version. */
export function blocksOf(version: number): Blocks {
  const count = BLOCKS[version - 1] ?? 1
  const capacity = capacityOf(version)
  const short = Math.floor(capacity / count)
  const long = capacity % count
  const sizes = Array.from({ length: count }, (_, index) => (index < count - long ? short : short + 1))
  return { sizes, checks: CHECKS[version - 1] ?? 0 }
}

/** Data with its Reed-Solomon check codewords, the blocks interleaved. */
export function withCorrection(data: readonly number[], { checks, sizes }: Blocks): readonly number[] {
  const divisor = generator(checks)
  let start = 0
  const blocks = sizes.map((size) => {
    const own = data.slice(start, start + size)
    start += size
    return { own, check: checkCodewords(own, divisor) }
  })
  const longest = Math.max(...sizes)
  const columns = <T>(count: number, pick: (block: (typeof blocks)[number], at: number) => T | undefined): T[] =>
    Array.from({ length: count }, (_, at) => blocks.map((block) => pick(block, at)))
      .flat()
      .filter((word) => word !== undefined)
  return [...columns(longest, ({ own }, at) => own[at]), ...columns(checks, ({ check }, at) => check[at])]
}

function checkCodewords(data: readonly number[], divisor: readonly number[]): readonly number[] {
  let rest: number[] = new Array<number>(divisor.length).fill(0)
  for (const word of data) {
    const factor = word ^ (rest[0] ?? 0)
    rest = [...rest.slice(1), 0].map((each, at) => each ^ multiply(divisor[at] ?? 0, factor))
  }
  return rest
}

/** The generator polynomial of a degree, without its leading one. */
function generator(degree: number): readonly number[] {
  let polynomial = [1]
  let root = 1
  for (let at = 0; at < degree; at += 1) {
    const shifted = [...polynomial, 0]
    const scaled = [0, ...polynomial.map((each) => multiply(each, root))]
    polynomial = shifted.map((each, index) => each ^ (scaled[index] ?? 0))
    root = multiply(root, 2)
  }
  return polynomial.slice(1)
}

/** The product in the field of 256 elements over x⁸ + x⁴ + x³ + x² + 1. */
function multiply(left: number, right: number): number {
  let product = 0
  for (let at = 7; at >= 0; at -= 1) {
    product = (product << 1) ^ (product & 0x80 ? 0x11d : 0)
    if ((right >> at) & 1) product ^= left
  }
  return product
}
