// `npm run soak:display`: the page's memory over 10,000 unpaced frames, and the time that drawing
// takes. Writes `artifacts/display-memory.json` and `artifacts/display-draw-time.json`.

process.env.ECHOLINE_SOAK_FRAMES ??= '10000';
process.argv.push('tests/e2e/display-memory.test.ts', 'tests/e2e/display-sdk.test.ts');
await import('./test.mjs');
