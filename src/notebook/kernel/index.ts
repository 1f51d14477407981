// The kernel profile: a preload that mends tslab before it starts. It is built into a file of its own, from preload.ts.
export {}
