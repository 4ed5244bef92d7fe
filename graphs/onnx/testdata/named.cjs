// Runs an ONNX model with several inputs and outputs: node named.cjs NODE_MODULES MODEL < inputs > outputs, both JSON.
// The inputs are {name: {type, dims, data}}, the outputs {name: data}.
const path = require("path");
const fs = require("fs");
const [modules, model] = process.argv.slice(2);

function runtime() {
  for (const name of ["onnxruntime-node", "onnxruntime-web"]) {
    const dir = path.join(modules, name);
    if (fs.existsSync(dir)) return require(dir);
  }
  throw new Error(`there is no onnxruntime-node or onnxruntime-web in ${modules}`);
}

async function main() {
  const ort = runtime();
  const session = await ort.InferenceSession.create(fs.readFileSync(model));
  const feeds = {}, out = {};
  for (const [name, { type, dims, data }] of Object.entries(JSON.parse(fs.readFileSync(0)))) {
    const values = type === "int64" ? BigInt64Array.from(data.map((v) => BigInt(v))) : Float32Array.from(data);
    feeds[name] = new ort.Tensor(type, values, dims);
  }
  const result = await session.run(feeds);
  for (const name of session.outputNames) out[name] = Array.from(result[name].data);
  fs.writeSync(1, JSON.stringify(out));
}
main().catch((err) => { console.error(err.message); process.exit(1); });
