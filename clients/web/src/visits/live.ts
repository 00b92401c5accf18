import { type Lagnet, watch } from "@lagnet/client";
import type { StudyVisit } from "@lagnet/client/visits/v1/study_visits_pb.js";

type Listener = (visit: StudyVisit) => void;

/** Tells open pages how many seats a visit has left: one watch of the server
 * for each visit that somebody looks at, however many do. */
export class LiveSeats {
  readonly #watched = new Map<string, Watched>();
  #count = 0;

  constructor(private readonly lagnet: Lagnet) {}

  /** How many pages listen. */
  get listeners(): number {
    return this.#count;
  }

  /** Calls `listener` with the visit as it is and whenever it changes, until
   * the function that is returned is called. */
  follow(name: string, listener: Listener): () => void {
    let watched = this.#watched.get(name);
    if (!watched) {
      watched = new Watched(this.lagnet, name, () => this.#watched.delete(name));
      this.#watched.set(name, watched);
    }
    const leave = watched.add(listener);
    ++this.#count;
    let isThere = true;
    return () => {
      if (!isThere) return;
      isThere = false;
      --this.#count;
      leave();
    };
  }

  /** Ends all watches. */
  close(): void {
    for (const watched of this.#watched.values()) watched.end();
    this.#watched.clear();
  }
}

/** One visit and who listens. */
class Watched {
  readonly #controller = new AbortController();
  readonly #listeners = new Set<Listener>();
  #last: StudyVisit | undefined;

  constructor(
    private readonly lagnet: Lagnet,
    private readonly name: string,
    private readonly onEnd: () => void,
  ) {
    void this.#run();
  }

  add(listener: Listener): () => void {
    this.#listeners.add(listener);
    if (this.#last) listener(this.#last);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.end();
    };
  }

  end(): void {
    this.#controller.abort();
    this.onEnd();
  }

  async #run(): Promise<void> {
    const { watchStudyVisits } = this.lagnet.visits;
    const request = { studyVisit: this.name };
    const options = { signal: this.#controller.signal };
    try {
      for await (const { studyVisits } of watch(watchStudyVisits, request, options)) {
        for (const visit of studyVisits) {
          this.#last = visit;
          for (const listener of this.#listeners) listener(visit);
        }
      }
    } catch {
      // Refused: the page stays as it was loaded.
    }
    this.onEnd();
  }
}
