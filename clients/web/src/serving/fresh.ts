const RETRY_MS = 1_000;

/** What changes seldom, read again when it is older than `ms`. If that fails,
 * the old one serves on, and it is tried again a second later. */
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
        this.#value = old;
        this.#since = Date.now() - this.ms + RETRY_MS;
        if (old) return old;
        throw error;
      });
    }
    return this.#value;
  }
}
