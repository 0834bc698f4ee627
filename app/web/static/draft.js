// What is typed and not sent yet, and what is sent and not confirmed yet: kept in this browser, by interview.

/** A drawer of localStorage; where storage is off it holds for as long as the page. */
export class Drawer {
  #held = new Map();

  constructor(interview) {
    this.prefix = `viva:${interview}:`;
  }

  get(name) {
    try {
      return JSON.parse(localStorage.getItem(this.prefix + name));
    } catch {
      return this.#held.get(name) ?? null;
    }
  }

  set(name, value) {
    this.#held.set(name, value);
    try {
      if (value === null || value === "") localStorage.removeItem(this.prefix + name);
      else localStorage.setItem(this.prefix + name, JSON.stringify(value));
    } catch {
      // Storage is off or full.
    }
  }

  /** Everything of this interview: it is over. */
  clear() {
    this.#held.clear();
    try {
      for (const key of Object.keys(localStorage)) if (key.startsWith(this.prefix)) localStorage.removeItem(key);
    } catch {
      // Nothing was stored.
    }
  }
}

/** A key for one answer. Not randomUUID, which a page over plain HTTP from another machine does not have. */
export const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
