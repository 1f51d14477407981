const FRAME = /^\s+at .*(?:[\\/]tslab[\\/]dist[\\/]|node:vm:|node:internal[\\/]|new Script \()/

/** A printed error without the frames of the kernel, of Node's script runner and of Node's own loops. */
export function withoutKernelFrames(printed: string): string {
  return printed
    .split('\n')
    .filter((line) => !FRAME.test(line))
    .map((line) => line.replace(/\bevalmachine\.<anonymous>(?=:\d)/, 'cell'))
    .join('\n')
}
