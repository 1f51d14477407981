import type Zlib from 'node:zlib'

/** Packings of one body; more than a server uses, and fewer than an attacker would like. */
const MOST = 3

/** Loaded by the first packed body, not by every import. */
const zlib = (): typeof Zlib => process.getBuiltinModule('node:zlib')

/** A way to unpack: all at once, with a bound on what comes out, or as it comes. */
interface Unpacking {
  whole(bytes: Uint8Array, limit: number): Promise<Uint8Array>
  asItComes(): Zlib.Gunzip | Zlib.BrotliDecompress
}

const gzip: Unpacking = {
  // Some that unpack on the way leave the header in its place.
  whole: (bytes, limit) =>
    bytes[0] === 0x1f && bytes[1] === 0x8b ? run(zlib().gunzip, bytes, limit) : Promise.resolve(bytes),
  asItComes: () => zlib().createGunzip(),
}

const WAYS: Readonly<Record<string, Unpacking>> = {
  gzip,
  'x-gzip': gzip,
  deflate: {
    // Servers disagree whether it has the header of zlib, whose low bits are always these.
    whole: (bytes, limit) => run(((bytes[0] ?? 0) & 0x0f) === 0x08 ? zlib().inflate : zlib().inflateRaw, bytes, limit),
    asItComes: () => zlib().createInflate(),
  },
  br: {
    whole: (bytes, limit) => run(zlib().brotliDecompress, bytes, limit),
    asItComes: () => zlib().createBrotliDecompress(),
  },
}

/** How a body is packed, by its `content-encoding`: the last packing first, since it comes off first. */
export function packingsOf(encoding: string | undefined): readonly string[] {
  if (encoding === undefined) return []
  const names = encoding.toLowerCase().split(',')
  return names
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity')
    .reverse()
}

/**
 * Unpacks a body.
 *
 * @param limit Most bytes that may come out of it at any step.
 * @throws (rejects with) RangeError where more come out, and an error with a code where the body is broken.
 */
export async function unpack(bytes: Uint8Array, packings: readonly string[], limit: number): Promise<Uint8Array> {
  let open = bytes
  for (const way of waysOf(packings)) open = await way.whole(open, limit)
  return open
}

/** Unpacks a body as it comes; `take` gets what comes out, `end` its end or what was wrong with it. */
export function unpackStream(
  packings: readonly string[],
  take: (bytes: Uint8Array) => void,
  end: (error?: Error) => void,
): { write(bytes: Uint8Array): void; end(): void } {
  const [first, ...more] = waysOf(packings).map((way) => way.asItComes())
  if (first === undefined) return { write: take, end: () => end() }
  let last = first
  for (const next of more) {
    last.on('error', end)
    last = last.pipe(next)
  }
  last
    .on('data', take)
    .on('error', end)
    .on('end', () => end())
  return { write: (bytes) => void first.write(bytes), end: () => void first.end() }
}

/** @throws Error for a packing that nothing here unpacks. */
function waysOf(packings: readonly string[]): readonly Unpacking[] {
  const unknown = packings.find((name) => WAYS[name] === undefined)
  if (unknown !== undefined || packings.length > MOST) {
    const what = unknown ?? packings.join(', ')
    throw Object.assign(new Error(`the answer is packed as ${what}, which is not unpacked here`), { code: 'PACKED' })
  }
  return packings.map((name) => WAYS[name] as Unpacking)
}

type Unpack = (
  bytes: Uint8Array,
  options: { maxOutputLength: number },
  done: (error: Error | null, result: Buffer) => void,
) => void

function run(way: Unpack, bytes: Uint8Array, maxOutputLength: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    way(bytes, { maxOutputLength }, (error, result) => (error === null ? resolve(result) : reject(error)))
  })
}
