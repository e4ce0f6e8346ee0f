// Compares the native kernels with the reference: both compute the same, in one run, by turns, on
// seeded images of 512 × 512 and 1920 × 1080. Prints medians of CPU time, which stays meaningful on
// a machine that others use, and ratios. Usage: node scripts/compare-kernels.mjs [rounds]

import { ensureReady, importBuilt } from './setup.mjs';

const TENSOR_PX = 256;
const GRID_CELLS = 64;

/** A timed sample repeats a kernel for about this long: CPU time is counted in microseconds. */
const SAMPLE_MS = 2;
const WARM_UP_RUNS = 20;

await ensureReady();
const [reference, addon, native, plan, pyramid] = await Promise.all([
  importBuilt('kernels/reference-kernels.js'),
  importBuilt('kernels/native-addon.js'),
  importBuilt('kernels/native-kernels.js'),
  importBuilt('kernels/resize-plan.js'),
  importBuilt('kernels/shift-pyramid.js'),
]);
const loaded = addon.loadNativeAddon();
if (loaded.kind === 'absent') {
  process.stderr.write(`compare-kernels: ${loaded.reason}.\n`);
  process.exit(1);
}
const accelerated = native.createNativeKernels(loaded.addon);

/** A seeded generator of numbers in [0, 1). */
function seededRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

/** Smooth speckle with flat borders, as a screen has. */
function speckle(width, height, seed) {
  const random = seededRandom(seed);
  const data = new Uint8Array(width * height);
  let last = 90;
  for (let i = 0; i < data.length; i++) {
    const x = i % width;
    last = 0.7 * last + 0.3 * (-Math.log(1 - random()) * 90);
    data[i] = x < width / 10 || x > 0.9 * width ? 16 : Math.min(255, last);
  }
  return data;
}

/** A heat map and a label map with a few blobs. */
function grids() {
  const random = seededRandom(9);
  const blobs = Array.from({ length: 9 }, () => ({
    x: GRID_CELLS * random(),
    y: GRID_CELLS * random(),
    radius: 3 + 6 * random(),
  }));
  const field = new Float32Array(GRID_CELLS * GRID_CELLS);
  for (let cell = 0; cell < field.length; cell++) {
    const x = cell % GRID_CELLS;
    const y = Math.floor(cell / GRID_CELLS);
    const nearest = blobs.map((blob) => blob.radius - Math.hypot(x - blob.x, y - blob.y));
    field[cell] = Math.max(...nearest) + 0.1 * random();
  }
  return { field, labels: Uint8Array.from(field, (value) => (value > 0 ? 1 : 0)) };
}

/** What is run for an image of this size; each function takes the kernels. */
function imageCases(widthPx, heightPx) {
  const name = `${widthPx} x ${heightPx}`;
  const image = { widthPx, heightPx, strideBytes: widthPx, data: speckle(widthPx, heightPx, 1) };
  const colour = new Uint8Array(4 * image.data.length).map((_, i) => image.data[i >> 2]);
  const gray = new Uint8Array(image.data.length);
  const cellPx = Math.ceil(Math.max(widthPx, heightPx) / 64);
  const lagPx = Math.max(1, Math.round(cellPx / 4));
  const cells = new Uint8Array(Math.ceil(widthPx / cellPx) * Math.ceil(heightPx / cellPx));
  const scale = TENSOR_PX / Math.max(widthPx, heightPx);
  const placement = {
    xPx: 0,
    yPx: 0,
    widthPx: Math.round(widthPx * scale),
    heightPx: Math.round(heightPx * scale),
  };
  const resizePlan = plan.planResize(widthPx, heightPx, TENSOR_PX, placement);
  const target = new Uint8Array(TENSOR_PX * TENSOR_PX);
  const whole = { xPx: 0, yPx: 0, widthPx, heightPx };
  const size = { width: widthPx, height: heightPx };
  const row = (heightPx >> 1) * widthPx;
  return [
    [`grayFromColour ${name}`, (k) => k.grayFromColour(colour, 4 * widthPx, size, 'rgba', gray)],
    [`activity ${name}`, (k) => k.activity(image, lagPx, cellPx, cells)],
    [`lineActivity, row ${name}`, (k) => k.lineActivity(image, lagPx, row, widthPx, 1)],
    [
      `lineActivity, column ${name}`,
      (k) => k.lineActivity(image, lagPx, widthPx >> 1, heightPx, widthPx),
    ],
    [`resize ${name}`, (k) => k.resize(image, whole, resizePlan, target)],
  ];
}

/** What is run at the size of the network's input, whatever the image's. */
function tensorCases() {
  const side = TENSOR_PX;
  const size = { width: side, height: side };
  const before = speckle(side, side, 3);
  const now = before.map((_, i) => before[Math.max(0, i - 2 * side - 3)]);
  const previous = pyramid.createShiftPyramid(side, side);
  const current = pyramid.createShiftPyramid(side, side);
  reference.referenceKernels.buildPyramid(before, previous);
  reference.referenceKernels.buildPyramid(now, current);
  const target = new Uint8Array(side * side);
  const background = Uint16Array.from(before, (value) => value << 8);
  const next = new Uint16Array(side * side);
  const shift = { xPx: 2.4, yPx: 1.7 };
  const still = { xPx: 0, yPx: 0 };
  const whole = { xPx: 2, yPx: 1 };
  return [
    ['buildPyramid 256 x 256', (k) => k.buildPyramid(now, current)],
    ['estimateShift 256 x 256', (k) => k.estimateShift(previous, current)],
    [
      'shiftedDifference 256 x 256',
      (k) => k.shiftedDifference(now, before, size, shift, 1.01, 128, target),
    ],
    [
      'shiftedDifference, still 256 x 256',
      (k) => k.shiftedDifference(now, before, size, still, 0.97, 128, target),
    ],
    [
      'backgroundDifference 256 x 256',
      (k) => k.backgroundDifference(now, background, size, whole, 0.04, 128, target, next),
    ],
  ];
}

/** What is run on the network's output. */
function gridCases() {
  const size = { width: GRID_CELLS, height: GRID_CELLS };
  const { field, labels } = grids();
  const components = new Int32Array(field.length);
  const stack = new Int32Array(field.length);
  const points = new Float32Array(8192);
  const keep = new Uint8Array(4096);
  const peaks = new Int32Array(8);
  const start = field.findIndex((value) => value > 0);
  const kernels = reference.referenceKernels;
  const count = kernels.traceContour(field, size, start, points);
  const name = `${GRID_CELLS} x ${GRID_CELLS}`;
  return [
    [`findPeaks ${name}`, (k) => k.findPeaks(field, size, 2, peaks)],
    [`labelComponents ${name}`, (k) => k.labelComponents(labels, size, components, stack)],
    [`traceContour, ${count} points`, (k) => k.traceContour(field, size, start, points)],
    [`simplifyContour, ${count} points`, (k) => k.simplifyContour(points, count, 0.3, keep)],
  ];
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/** CPU µs of one call, measured over `repeats` calls. */
function time(run, kernels, repeats) {
  const from = process.cpuUsage();
  for (let i = 0; i < repeats; i++) run(kernels);
  const { user, system } = process.cpuUsage(from);
  return (user + system) / repeats;
}

function compare([name, run], rounds) {
  const { referenceKernels } = reference;
  for (let i = 0; i < WARM_UP_RUNS; i++) {
    run(referenceKernels);
    run(accelerated);
  }
  const slow = Math.max(1, Math.round((1000 * SAMPLE_MS) / time(run, referenceKernels, 5)));
  const fast = Math.max(1, Math.round((1000 * SAMPLE_MS) / time(run, accelerated, 20)));
  const referenceUs = [];
  const nativeUs = [];
  for (let round = 0; round < rounds; round++) {
    referenceUs.push(time(run, referenceKernels, slow));
    nativeUs.push(time(run, accelerated, fast));
  }
  return { name, referenceUs: median(referenceUs), nativeUs: median(nativeUs) };
}

const rounds = Number.parseInt(process.argv[2] ?? '40', 10);
process.stdout.write(`Instructions: ${loaded.addon.instructions}, ${rounds} rounds by turns\n\n`);
process.stdout.write('| Kernel | reference µs | native µs | ratio |\n|---|--:|--:|--:|\n');
const cases = [
  ...imageCases(512, 512),
  ...imageCases(1920, 1080),
  ...tensorCases(),
  ...gridCases(),
];
for (const one of cases) {
  const { name, referenceUs, nativeUs } = compare(one, rounds);
  const ratio = (referenceUs / nativeUs).toFixed(1);
  process.stdout.write(
    `| ${name} | ${referenceUs.toFixed(1)} | ${nativeUs.toFixed(1)} | ${ratio} |\n`,
  );
}
