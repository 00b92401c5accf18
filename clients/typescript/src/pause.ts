/** Growing, jittered pauses between tries. */
export class Backoff {
  #next: number;

  constructor(
    private readonly firstMs = 100,
    private readonly longestMs = 10_000,
  ) {
    this.#next = firstMs;
  }

  /** The next pause in milliseconds, on top of `leastMs`. */
  next(leastMs = 0): number {
    // Spread widely: those that a restarted server cut all come back at once.
    const pause = leastMs + this.#next * (0.3 + 0.7 * Math.random());
    this.#next = Math.min(this.#next * 2, this.longestMs);
    return pause;
  }

  /** Starts from the first pause again. */
  reset(): void {
    this.#next = this.firstMs;
  }
}

/** Waits; returns false at once if `signal` aborts. */
export function sleep(ms: number, signal?: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve(false);
    const timer = setTimeout(() => end(true), ms);
    const onAbort = () => end(false);
    signal?.addEventListener("abort", onAbort);
    function end(slept: boolean): void {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      resolve(slept);
    }
  });
}
