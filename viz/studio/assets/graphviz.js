// Graphviz as WebAssembly, run by the browser itself: new memory for each layout, no file, no clock, no environment.

const BAD_FILE = 8; // WASI's errno
const NOT_KNOWN = 52;

class GraphvizError extends Error {}

/** What Graphviz asks of its system: only that what it writes is taken. `memory` gives its present memory. */
function wasi(memory) {
  const view = () => new DataView(memory());
  function none(count, bytes) { // an environment without variables
    view().setUint32(count, 0, true);
    view().setUint32(bytes, 0, true);
    return 0;
  }
  function write(file, list, length, written) {
    let sum = 0;
    for (let k = 0; k < length; k += 1) sum += view().getUint32(list + 8 * k + 4, true);
    view().setUint32(written, sum, true);
    return 0;
  }
  function clock(id, precision, time) {
    view().setBigUint64(time, 0n, true);
    return 0;
  }
  function random(start, length) {
    new Uint8Array(memory(), start, length).fill(0);
    return 0;
  }
  const closed = () => BAD_FILE;
  return {
    environ_sizes_get: none,
    environ_get: () => 0,
    clock_time_get: clock,
    random_get: random,
    fd_write: write,
    fd_read: closed,
    fd_seek: closed,
    fd_close: closed,
    fd_fdstat_get: closed,
    fd_fdstat_set_flags: closed,
    fd_filestat_get: closed,
    fd_prestat_get: closed,
    fd_prestat_dir_name: closed,
    path_filestat_get: () => NOT_KNOWN,
    path_open: () => NOT_KNOWN,
    proc_exit(code) { throw new GraphvizError(`Graphviz ended with status ${code}`); },
  };
}

/** Graphviz, from its compiled module. */
class Graphviz {
  constructor(module) {
    this.module = module;
  }

  /** Graphviz's JSON for a DOT text, as bytes. */
  layout(source) {
    const guest = this.started();
    const put = (text) => this.put(guest, text);
    const length = guest.malloc(4);
    const result = guest.graphviz_render(put(source), put("json0"), put("dot"), length);
    if (!result) throw new GraphvizError(this.text(guest, guest.graphviz_last_error()));
    const size = new DataView(guest.memory.buffer).getUint32(length, true);
    return new Uint8Array(guest.memory.buffer).slice(result, result + size);
  }

  version() {
    const guest = this.started();
    return this.text(guest, guest.graphviz_version());
  }

  started() {
    let exports = null;
    const system = wasi(() => exports.memory.buffer);
    exports = new WebAssembly.Instance(this.module, { wasi_snapshot_preview1: system }).exports;
    return exports;
  }

  put(guest, text) {
    const bytes = new TextEncoder().encode(`${text}\0`);
    const address = guest.malloc(bytes.length);
    if (!address) throw new GraphvizError(`Graphviz has no memory for ${bytes.length} bytes`);
    new Uint8Array(guest.memory.buffer).set(bytes, address);
    return address;
  }

  text(guest, address) {
    const bytes = new Uint8Array(guest.memory.buffer).slice(address, address + 4096);
    return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0))).trim();
  }
}
