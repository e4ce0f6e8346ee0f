/**
 * A stand-in for `opinion-process.js` without a network, for tests of the engine's side. The model
 * directory of its options says how it behaves.
 */
let behaviour = '';
process.on('message', (request) => {
  if (request.kind === 'start') start(request.modelDirectory);
  else answer(request.sample);
});

function start(modelDirectory) {
  behaviour = modelDirectory;
  if (behaviour === 'dies-at-start') process.exit(4);
  if (behaviour === 'not-installed') {
    const code = 'ECHOLINE_MODEL_RUNTIME_MISSING';
    process.send({ kind: 'unavailable', code, message: 'not there' }, () => process.disconnect());
    return;
  }
  process.send({ kind: 'ready', by: 'fake 1.0' });
}

/** Says how many bytes it got, as the time it took. */
function answer({ input, summary }) {
  if (behaviour === 'hangs') return;
  const drift = {
    tipShiftPx: summary.tip.xPx,
    labelsChanged: 0,
    isWithinTolerance: behaviour !== 'drifts',
  };
  process.send({ kind: 'compared', drift, tookMs: input.length });
}
