/** Pixels of a picture, four bytes each: red, green, blue, and how opaque. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly pixels: Uint8Array
}

const MOST = 256
/** How far apart two colours must be, summed over their channels, before more room is made. */
const FIRST_DISTANCE = 4

/**
 * A picture as PNG with a palette: a chart has few colours, and the steps between them at the edges of letters need not be
 * exact. It takes a third of the bytes of one in full colour.
 */
export function palettePng({ width, height, pixels }: Pixels): Buffer {
  const { crc32, deflateSync } = process.getBuiltinModule('node:zlib')
  const words = new Uint32Array(Uint8Array.from(pixels).buffer)
  const counts = new Map<number, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  const palette = paletteOf(counts)
  const places = new Map([...counts.keys()].map((word) => [word, nearest(palette, word)]))
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) rows[y * (width + 1) + 1 + x] = places.get(words[y * width + x] ?? 0) ?? 0
  }
  const chunk = (name: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
    const ends = Buffer.alloc(8)
    ends.writeUInt32BE(data.length, 0)
    ends.writeUInt32BE(crc32(body), 4)
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  // Eight bits for each place in the palette.
  head.set([8, 3, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('PLTE', Buffer.from(palette.flatMap((word) => channelsOf(word).slice(0, 3)))),
    chunk('tRNS', Buffer.from(palette.map((word) => channelsOf(word)[3] ?? 255))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** The colours that are most used, none of them close to another, as many as a palette holds. */
function paletteOf(counts: ReadonlyMap<number, number>): readonly number[] {
  const used = [...counts].sort(([a, more], [b, fewer]) => fewer - more || a - b).map(([word]) => word)
  if (used.length <= MOST) return used
  for (let distance = FIRST_DISTANCE; ; distance *= 1.5) {
    const chosen: number[] = []
    for (const word of used) {
      if (chosen.some((other) => distanceOf(word, other) < distance)) continue
      chosen.push(word)
      if (chosen.length > MOST) break
    }
    if (chosen.length <= MOST) return chosen
  }
}

function nearest(palette: readonly number[], word: number): number {
  let best = 0
  let least = Number.POSITIVE_INFINITY
  for (const [place, other] of palette.entries()) {
    const distance = distanceOf(word, other)
    if (distance >= least) continue
    least = distance
    best = place
  }
  return best
}

function distanceOf(a: number, b: number): number {
  return (
    Math.abs((a & 0xff) - (b & 0xff)) +
    Math.abs(((a >>> 8) & 0xff) - ((b >>> 8) & 0xff)) +
    Math.abs(((a >>> 16) & 0xff) - ((b >>> 16) & 0xff)) +
    Math.abs((a >>> 24) - (b >>> 24))
  )
}

/** The bytes of a pixel, as they lie in memory. */
function channelsOf(word: number): readonly number[] {
  return [word & 0xff, (word >>> 8) & 0xff, (word >>> 16) & 0xff, word >>> 24]
}
