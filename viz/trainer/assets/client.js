// The engine as the page calls it: in a Worker with the engine's script, or in the page, some milliseconds at a time.

class Client {
  constructor(source) {
    Object.assign(this, {waiting: new Map(), last: 0, worker: null, trainer: null});
    try {
      const url = URL.createObjectURL(new Blob([source, "\nserve();"], {type: "text/javascript"}));
      this.worker = new Worker(url);
      this.worker.onmessage = ({data}) => this.answered(data);
      this.worker.onerror = (event) => { event.preventDefault(); this.fall(); };
      URL.revokeObjectURL(url);
    } catch {
      this.fall();
    }
  }

  // without a Worker, calls run here, also those that were made before
  fall() {
    this.worker?.terminate();
    this.worker = null;
    this.trainer ??= new Trainer();
    for (const [id, {name, args}] of [...this.waiting]) this.here(id, name, args);
  }

  get slice() {
    return this.worker ? 30 : 7;
  }

  // the promise of what trainer[name](args) returns
  call(name, args = {}) {
    const id = this.last += 1;
    return new Promise((done, fail) => {
      this.waiting.set(id, {name, args, done, fail});
      if (this.worker) this.worker.postMessage({id, name, args});
      else this.here(id, name, args);
    });
  }

  here(id, name, args) {
    try {
      this.answered({id, found: this.trainer[name](args)});
    } catch (error) {
      this.answered({id, error: String(error)});
    }
  }

  answered({id, found, error}) {
    const asked = this.waiting.get(id);
    this.waiting.delete(id);
    if (error) asked?.fail(new Error(error));
    else asked?.done(found);
  }
}
