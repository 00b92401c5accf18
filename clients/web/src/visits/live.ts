import { type Lagnet, watch } from "@lagnet/client";
import type { StudyVisit } from "@lagnet/client/visits/v1/study_visits_pb.js";

type Listener = (visit: StudyVisit) => void;

/** Tells open pages how many seats a visit has left. One watch of all visits
 * while anybody listens: a connection to the server carries a hundred streams,
 * and calls need theirs. */
export class LiveSeats {
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #last = new Map<string, StudyVisit>();
  #watching: AbortController | undefined;
  #count = 0;

  constructor(private readonly lagnet: Lagnet) {}

  /** How many pages listen. */
  get listeners(): number {
    return this.#count;
  }

  /** Calls `listener` with the visit as it is and whenever it changes, until
   * the function that is returned is called. */
  follow(name: string, listener: Listener): () => void {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set.add(listener));
    ++this.#count;
    if (this.#watching) {
      const last = this.#last.get(name);
      if (last) listener(last);
    } else {
      void this.#watch((this.#watching = new AbortController()));
    }
    return () => {
      if (!set.delete(listener)) return;
      if (set.size === 0) this.#listeners.delete(name);
      if (--this.#count === 0) this.close();
    };
  }

  /** Ends the watch. */
  close(): void {
    this.#watching?.abort();
    this.#watching = undefined;
    this.#last.clear();
  }

  async #watch(watching: AbortController): Promise<void> {
    const { watchStudyVisits } = this.lagnet.visits;
    try {
      for await (const { studyVisits } of watch(watchStudyVisits, {}, { signal: watching.signal })) {
        for (const visit of studyVisits) {
          this.#last.set(visit.name, visit);
          for (const listener of this.#listeners.get(visit.name) ?? []) listener(visit);
        }
      }
    } catch {
      // Refused: pages stay as they were loaded, and the next one tries again.
    }
    if (this.#watching === watching) this.close();
  }
}
