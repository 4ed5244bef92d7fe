// Times predictions of ONNX models in ONNX Runtime. Its argument is the folder node_modules that holds onnxruntime-node. Reads one JSON
// request a line, answers with one JSON line: the median seconds of a call.
const path = require("path");
const readline = require("readline");
const modules = process.argv[process.argv.length - 1];
const ort = require(path.join(modules, "onnxruntime-node"));
const { version } = require(path.join(modules, "onnxruntime-node", "package.json"));

const sessions = new Map();

async function session(model, threads) {
  const key = `${threads} ${model}`;
  if (!sessions.has(key)) {
    sessions.set(key, await ort.InferenceSession.create(model, { intraOpNumThreads: threads, interOpNumThreads: 1 }));
  }
  return sessions.get(key);
}

async function measure({ model, inputs, rows, threads, warmup, steps }) {
  const s = await session(model, threads);
  const values = Float32Array.from({ length: rows * inputs }, (_, i) => ((i * 7919) % 1000) / 500 - 1);
  const feeds = { [s.inputNames[0]]: new ort.Tensor("float32", values, [rows, inputs]) };
  const times = [];
  for (let i = 0; i < warmup + steps; i++) {
    const begin = process.hrtime.bigint();
    await s.run(feeds);
    times.push(Number(process.hrtime.bigint() - begin) / 1e9);
  }
  const kept = times.slice(warmup).sort((a, b) => a - b);
  return { seconds: kept[Math.floor(kept.length / 2)], least: kept[0] };
}

async function main() {
  console.log(JSON.stringify({ version }));
  for await (const line of readline.createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await measure(JSON.parse(line))));
  }
}
main().catch((err) => { console.error(err.message); process.exit(1); });
