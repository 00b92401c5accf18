/** What changes seldom, read again when it is older than `ms`. If that fails,
 * the old one serves on. */
export class Fresh<T> {
  #value: Promise<T> | undefined;
  #since = 0;

  constructor(
    private readonly ms: number,
    private readonly read: () => Promise<T>,
  ) {}

  get(): Promise<T> {
    const now = Date.now();
    if (!this.#value || now - this.#since > this.ms) {
      const old = this.#value;
      this.#since = now;
      this.#value = this.read().catch((error: unknown) => {
        this.#since = 0;
        this.#value = undefined;
        if (old) return old;
        throw error;
      });
    }
    return this.#value;
  }
}
