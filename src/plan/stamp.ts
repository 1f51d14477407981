/** A class whose constructor gives back the object that it is given. */
class Given {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: that is all it is for.
    return object
  }
}

/** Keeps something with objects of any kind, unseen by those who look at them. */
interface Stamp<T extends object> {
  set(object: object, value: T): void
  get(object: object): T | undefined
}

/**
 * Makes a stamp. What it keeps is a private field of the object: a WeakMap does the same, and costs twenty times as much
 * for an object that is made with each request.
 */
export function makeStamp<T extends object>(): Stamp<T> {
  class Stamped extends Given {
    #value: T

    constructor(object: object, value: T) {
      super(object)
      this.#value = value
    }

    static set(object: object, value: T): void {
      if (#value in object) object.#value = value
      else new Stamped(object, value)
    }

    static get(object: object): T | undefined {
      return #value in object ? object.#value : undefined
    }
  }
  return Stamped
}
