// Loads the harness with its model and gives it files.
// usage: node run.mjs harness.wasm [seconds]: with seconds > 0, times the last sample and prints its microseconds
import fs from "node:fs";
import { performance } from "node:perf_hooks";

const [, , path, seconds = "0"] = process.argv;
let memory;
const view = (address, bytes) => new Uint8Array(memory.buffer, address, bytes);

function text(address) {
  const all = new Uint8Array(memory.buffer, address);
  return new TextDecoder().decode(all.subarray(0, all.indexOf(0)));
}

// 0 if all bytes were transferred, as port.h says.
function transfer(operation, file, address, bytes) {
  for (let done = 0; done < bytes; ) {
    const count = operation(file, view(address + done, bytes - done));
    if (count === 0) return 1;
    done += count;
  }
  return 0;
}

function attempt(action, otherwise) {
  try {
    return action();
  } catch (error) {
    console.error(error.message);
    return otherwise;
  }
}

const env = {
  port_open: (name, writing) => attempt(() => fs.openSync(text(name), writing ? "w" : "r"), -1),
  port_read: (file, address, bytes) => attempt(() => transfer(fs.readSync, file, address, bytes), 1),
  port_write: (file, address, bytes) => attempt(() => transfer(fs.writeSync, file, address, bytes), 1),
  port_close: (file) => attempt(() => (fs.closeSync(file), 0), 1),
};

// The minimum and the median over windows of about a millisecond.
function time(repeat, total) {
  const window = (times) => {
    const start = performance.now();
    repeat(times);
    return performance.now() - start;
  };
  let times = 1;
  while (window(times) < 1) times *= 2;
  const end = performance.now() + 1000 * total;
  const samples = [];
  while (performance.now() < end || samples.length < 3) samples.push((1000 * window(times)) / times);
  samples.sort((a, b) => a - b);
  console.log(`min_us ${samples[0]}\nmedian_us ${samples[samples.length >> 1]}`);
}

const { instance } = await WebAssembly.instantiate(fs.readFileSync(path), { env });
memory = instance.exports.memory;
const code = instance.exports.port_main();
if (code === 0 && Number(seconds) > 0) time(instance.exports.port_repeat, Number(seconds));
process.exitCode = code;
