// Runs an ONNX model: node run.cjs NODE_MODULES MODEL COLUMNS < features > predictions, both raw little-endian float32.
// The rows go in batches of different sizes, because the model must take any number.
const path = require("path");
const fs = require("fs");
const [modules, model, columns] = process.argv.slice(2);

function runtime() {
  for (const name of ["onnxruntime-node", "onnxruntime-web"]) {
    const dir = path.join(modules, name);
    if (fs.existsSync(dir)) return require(dir);
  }
  throw new Error(`there is no onnxruntime-node or onnxruntime-web in ${modules}`);
}

async function main() {
  const ort = runtime();
  const bytes = fs.readFileSync(0);
  const x = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const cols = Number(columns), rows = x.length / cols;
  const session = await ort.InferenceSession.create(fs.readFileSync(model));
  for (let lo = 0, size = 1; lo < rows; lo += size, size *= 7) {
    size = Math.min(size, rows - lo);
    const input = new ort.Tensor("float32", x.slice(lo * cols, (lo + size) * cols), [size, cols]);
    const result = await session.run({ [session.inputNames[0]]: input });
    const y = result[session.outputNames[0]].data;
    fs.writeSync(1, Buffer.from(y.buffer, y.byteOffset, y.byteLength));
  }
}
main().catch((err) => { console.error(err.message); process.exit(1); });
