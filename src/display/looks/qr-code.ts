import { encode } from 'uqr'

/** A QR code: rows of modules, `true` for dark. It has no quiet zone; drawing adds it. */
export type QrMatrix = readonly (readonly boolean[])[]

const MOST_BYTES = 2953

/**
 * The QR code of a text (ISO/IEC 18004, byte mode in UTF-8, error correction level L), in the smallest version that
 * holds it.
 *
 * @param text Up to 2953 bytes.
 * @param mask 0 to 7; the one that reads best when left out.
 * @throws RangeError when the text is too long for any version.
 */
export function qrMatrix(text: string, mask?: number): QrMatrix {
  const bytes = [...new TextEncoder().encode(text)]
  if (bytes.length > MOST_BYTES) {
    throw new RangeError(`A QR code holds at most ${MOST_BYTES} bytes, and this text has ${bytes.length}. Shorten it.`)
  }
  return encode(bytes, { ecc: 'L', boostEcc: false, border: 0, maskPattern: mask ?? -1 }).data
}
