import { blocksOf, capacityOf, codewordsOf, withCorrection } from './qr-correction.ts'

/** A QR code: rows of modules, `true` for dark. It has no quiet zone; drawing adds it. */
export type QrMatrix = readonly (readonly boolean[])[]

type Grid = (boolean | undefined)[][]

const LARGEST = 40
const BYTE_MODE = 0b0100
const FILLERS = [0xec, 0x11]
/** Which modules each mask turns over, by row and column. */
const MASKS: readonly ((row: number, column: number) => boolean)[] = [
  (row, column) => (row + column) % 2 === 0,
  (row) => row % 2 === 0,
  (_row, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
]

/**
 * The QR code of a text (ISO/IEC 18004, byte mode in UTF-8, error correction level L), in the smallest version that
 * holds it.
 *
 * @param text Up to 2953 bytes.
 * @param mask 0 to 7; the one that reads best when left out.
 * @throws RangeError when the text is too long for any version.
 */
export function qrMatrix(text: string, mask?: number): QrMatrix {
  const bytes = new TextEncoder().encode(text)
  const version = smallestVersion(bytes.length)
  const codewords = withCorrection(dataCodewords(bytes, version), blocksOf(version))
  const fixed = fixedPatterns(version)
  const masks = mask === undefined ? MASKS.map((_, index) => index) : [mask]
  const drawn = masks.map((each) => finished(fixed, codewords, version, each))
  return drawn.reduce((best, next) => (penalty(next) < penalty(best) ? next : best))
}

function smallestVersion(length: number): number {
  for (let version = 1; version <= LARGEST; version += 1) {
    if (length * 8 + 4 + lengthBits(version) <= capacityOf(version) * 8) return version
  }
  throw new RangeError(`A QR code holds at most 2953 bytes, and this text has ${length}. Shorten it.`)
}

const lengthBits = (version: number): number => (version < 10 ? 8 : 16)

function dataCodewords(bytes: Uint8Array, version: number): readonly number[] {
  const bits: number[] = []
  const put = (value: number, count: number): void => {
    for (let at = count - 1; at >= 0; at -= 1) bits.push((value >> at) & 1)
  }
  const size = capacityOf(version)
  put(BYTE_MODE, 4)
  put(bytes.length, lengthBits(version))
  for (const byte of bytes) put(byte, 8)
  put(0, Math.min(4, size * 8 - bits.length))
  while (bits.length % 8 !== 0) bits.push(0)
  const words: number[] = []
  for (let at = 0; at < bits.length; at += 8)
    words.push(bits.slice(at, at + 8).reduce((word, bit) => word * 2 + bit, 0))
  for (let at = 0; words.length < size; at += 1) words.push(FILLERS[at % 2] ?? 0)
  return words
}

/** Finders, timing, alignment and version; format bits are reserved as light. */
function fixedPatterns(version: number): Grid {
  const size = version * 4 + 17
  const grid: Grid = Array.from({ length: size }, () => new Array<boolean | undefined>(size).fill(undefined))
  const paint = (row: number, column: number, dark: boolean): void => {
    const line = grid[row]
    if (line !== undefined && column >= 0 && column < size) line[column] = dark
  }
  const ring = (row: number, column: number, reach: number, light: readonly number[]): void => {
    for (let down = -reach; down <= reach; down += 1) {
      for (let right = -reach; right <= reach; right += 1) {
        paint(row + down, column + right, !light.includes(Math.max(Math.abs(down), Math.abs(right))))
      }
    }
  }
  for (let at = 0; at < size; at += 1) {
    paint(6, at, at % 2 === 0)
    paint(at, 6, at % 2 === 0)
  }
  const places = alignmentPlaces(version)
  const last = places.length - 1
  for (const [i, row] of places.entries()) {
    for (const [j, column] of places.entries()) {
      const corner = (i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)
      if (!corner) ring(row, column, 2, [1])
    }
  }
  for (const [row, column] of [
    [3, 3],
    [3, size - 4],
    [size - 4, 3],
  ] as const) {
    ring(row, column, 4, [2, 4])
  }
  paintFormat(grid, 0, true)
  if (version >= 7) {
    const bits = (version << 12) | remainder(version, 12, 0x1f25)
    for (let at = 0; at < 18; at += 1) {
      const dark = ((bits >> at) & 1) === 1
      paint(Math.floor(at / 3), size - 11 + (at % 3), dark)
      paint(size - 11 + (at % 3), Math.floor(at / 3), dark)
    }
  }
  return grid
}

function alignmentPlaces(version: number): readonly number[] {
  if (version === 1) return []
  const count = Math.floor(version / 7) + 2
  // The one version whose step the rule does not give.
  const step = version === 32 ? 26 : Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2
  const far = version * 4 + 10
  return [6, ...Array.from({ length: count - 1 }, (_, index) => far - (count - 2 - index) * step)]
}

/** Bose-Chaudhuri-Hocquenghem check bits of format and version. */
function remainder(value: number, bits: number, polynomial: number): number {
  let rest = value
  for (let at = 0; at < bits; at += 1) rest = (rest << 1) ^ ((rest >> (bits - 1)) & 1 ? polynomial : 0)
  return rest & ((1 << bits) - 1)
}

function paintFormat(grid: Grid, mask: number, reserve = false): void {
  const size = grid.length
  const levelLow = 0b01
  const value = (levelLow << 3) | mask
  const bits = reserve ? 0 : ((value << 10) | remainder(value, 10, 0x537)) ^ 0x5412
  const paint = (row: number, column: number, at: number): void => {
    const line = grid[row]
    if (line !== undefined) line[column] = ((bits >> at) & 1) === 1
  }
  for (let at = 0; at < 15; at += 1) {
    const away = at < 6 ? at : at < 8 ? at + 1 : size - 15 + at
    const across = at < 8 ? size - 1 - at : at === 8 ? 7 : 14 - at
    paint(away, 8, at)
    paint(8, across, at)
  }
  const dark = grid[size - 8]
  if (dark !== undefined) dark[8] = true
}

/** Lays the codewords in the free modules, two columns at a time, upwards and downwards in turn. */
function finished(fixed: Grid, codewords: readonly number[], version: number, mask: number): boolean[][] {
  const size = fixed.length
  const grid: Grid = fixed.map((row) => [...row])
  const turned = MASKS[mask] ?? (() => false)
  let bit = 0
  let upwards = true
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5
    for (let step = 0; step < size; step += 1) {
      const row = upwards ? size - 1 - step : step
      for (const column of [right, right - 1]) {
        if (fixed[row]?.[column] !== undefined) continue
        const word = codewords[bit >> 3] ?? 0
        const dark = bit < codewordsOf(version) * 8 && ((word >> (7 - (bit & 7))) & 1) === 1
        bit += 1
        const line = grid[row]
        if (line !== undefined) line[column] = dark !== turned(row, column)
      }
    }
    upwards = !upwards
  }
  paintFormat(grid, mask)
  return grid.map((row) => row.map((dark) => dark === true))
}

/** How hard a code is to read: long runs, blocks, look-alikes of a finder, and imbalance. */
function penalty(rows: readonly (readonly boolean[])[]): number {
  const columns = rows.map((_, index) => rows.map((row) => row[index] === true))
  let points = 0
  for (const line of [...rows, ...columns]) {
    const text = line.map((dark) => (dark ? '1' : '0')).join('')
    for (const run of text.match(/0{5,}|1{5,}/g) ?? []) points += run.length - 2
    points += 40 * (text.match(/(?=10111010000|00001011101)/g)?.length ?? 0)
  }
  for (let row = 0; row + 1 < rows.length; row += 1) {
    for (let column = 0; column + 1 < rows.length; column += 1) {
      const dark = rows[row]?.[column]
      const block = [rows[row]?.[column + 1], rows[row + 1]?.[column], rows[row + 1]?.[column + 1]]
      if (block.every((each) => each === dark)) points += 3
    }
  }
  const darkCount = rows.flat().filter(Boolean).length
  return points + 10 * Math.floor(Math.abs((darkCount * 20) / rows.length ** 2 - 10))
}
