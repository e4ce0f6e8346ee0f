import { makeRecords } from './make-records.js';
import { ShardFileWriter } from './shard-file-writer.js';
import type { ShardWorkerOrder, ShardWorkerReport } from './shard-worker-messages.js';

/** The child process of `writeTrainingShards`: takes one order, reports, and ends. */
process.once('message', (order: ShardWorkerOrder) => {
  run(order).then(
    () => process.disconnect(),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.exit(1);
    },
  );
});
// Without its parent nobody wants the work any more.
process.on('disconnect', () => process.exit());

async function run(order: ShardWorkerOrder): Promise<void> {
  const prefix = `shard-${order.worker}`;
  const writer = new ShardFileWriter(order.directory, prefix, order.recordsPerFile, (file) =>
    report({ type: 'file', file }),
  );
  let records = 0;
  try {
    await makeRecords(order, (record) => {
      writer.write(record);
      records++;
      if (records % 32 === 0) report({ type: 'progress', records });
    });
  } finally {
    writer.close();
  }
  report({ type: 'progress', records });
  report({ type: 'done' });
}

function report(message: ShardWorkerReport): void {
  process.send?.(message);
}
