// Asks the Worker, one request at a time; a Worker that does not answer in time is ended, and another one started.
const LIMIT = 2000; // milliseconds for an answer

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
        else if (data.failed) reject(new Error(data.failed));
        else this.take(data);
      };
    });
  }

  take({ id, answer }) {
    const done = this.waiting.get(id);
    this.waiting.delete(id);
    if (done) done(answer);
  }

  /** The answer to a request; one with an `error` when the time is over. */
  async ask(request, limit = LIMIT) {
    await this.ready;
    this.count += 1;
    const id = this.count;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.stop(), limit);
      this.waiting.set(id, (answer) => { clearTimeout(timer); resolve(answer); });
      this.worker.postMessage({ id, request });
    });
  }

  /** End the Worker; all that wait for it are told. */
  stop() {
    this.worker.terminate();
    const told = [...this.waiting.values()];
    this.start();
    const error = `this took more than ${LIMIT / 1000} seconds, and was stopped; write a shorter expression`;
    for (const done of told) done({ error, position: null });
  }
}
