// Asks the Worker, one request at a time; a Worker that does not answer in time is ended, and another one started.
const LIMIT = 2000; // milliseconds for an answer
const LONG = 20000; // for a page, a file, or the derivatives by all inputs, which one asks for and waits for
const QUICK = ["picture", "steps", "table", "latex", "code"];

class Client {
  constructor(address) {
    this.address = address;
    this.count = 0;
    this.start();
  }

  start() {
    this.worker = new Worker(this.address, { type: "module" });
    this.waiting = new Map();
    this.ready = new Promise((resolve, reject) => {
      this.worker.onerror = (error) => reject(new Error(error.message));
      this.worker.onmessage = ({ data }) => {
        if (data.ready) resolve();
        else if (data.begun) this.begun(data.begun);
        else if (data.failed) reject(new Error(data.failed));
        else this.take(data);
      };
    });
    this.ready.catch(() => {}); // `begun` tells it
  }

  /** The time of a request begins when Python begins, not while its files are unpacked on a slow machine. */
  begun(id) {
    const { limit } = this.waiting.get(id);
    this.timer = setTimeout(() => this.stop(limit), limit);
  }

  take({ id, answer }) {
    clearTimeout(this.timer);
    this.waiting.get(id).done(answer);
    this.waiting.delete(id);
  }

  /** The answer to a request; one with an `error` when the time is over. What takes longer is tried in short first. */
  async ask(request) {
    if (QUICK.includes(request.ask)) return this.asked(request, LIMIT);
    const tried = await this.asked({ ...request, ask: "table" }, LIMIT);
    return tried.error === undefined ? this.asked(request, LONG) : tried;
  }

  async asked(request, limit) {
    await this.ready;
    this.count += 1;
    const id = this.count;
    return new Promise((done) => {
      this.waiting.set(id, { done, limit });
      this.worker.postMessage({ id, request });
    });
  }

  /** End the Worker; all that wait for it are told. */
  stop(limit) {
    this.worker.terminate();
    const told = [...this.waiting.values()];
    this.start();
    const error = `this took more than ${limit / 1000} seconds, and was stopped; write less, or end the loop`;
    for (const { done } of told) done({ error, position: null });
  }
}
