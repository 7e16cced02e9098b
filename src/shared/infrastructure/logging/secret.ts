import { inspect } from 'node:util';

const HIDDEN = '[secret]';

/** A value that is never written down by accident: JSON, logs, templates and inspection all show `[secret]`. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. Every caller of this is worth a look in review. */
  reveal(): string {
    return this.#value;
  }
  toJSON(): string {
    return HIDDEN;
  }
  toString(): string {
    return HIDDEN;
  }
  [inspect.custom](): string {
    return HIDDEN;
  }
}
