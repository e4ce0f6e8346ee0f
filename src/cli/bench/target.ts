/**
 * What is measured: something with an address that speaks Echoline's wire protocol
 * (docs/protocol.md) on `/v1/streams/ID/frames` and `/v1/streams/ID/overlays`: hello, welcome,
 * frames, verdicts, overlays, acknowledgements. The same driver (`load-driver.ts`) loads the
 * service and every peer; a peer need not implement more than that, e.g. it may grant credits
 * without end and call every verdict `ok`.
 */
export interface Target {
  /** Its name in results and reports, e.g. `echoline`, `python`, `python-processes`, `node`. */
  readonly name: string;
  /** e.g. `http://127.0.0.1:8787`; the driver makes the addresses of streams out of it. */
  readonly url: string;
  /**
   * Root of its processes: CPU time and memory are summed over it and all its descendants. null
   * where they run on another machine or the operating system does not say.
   */
  readonly processId: number | null;
  /** Ends it. Idempotent. */
  close(): Promise<void>;
}

/** What a target has to be ready for. All targets of one comparison get the same. */
export interface TargetOptions {
  /** Streams that will send at the same time. */
  readonly streams: number;
  /** Displays of each stream. */
  readonly displays: number;
  /** Engine or worker processes; null = the target's own best choice for this machine. */
  readonly workers: number | null;
  /** Threads of one inference. */
  readonly intraOpThreads: number;
  /** Folder with `manifest.json` and its ONNX files. */
  readonly modelDirectory: string;
  /** The same for all, so that nobody wins by another network. */
  readonly precision: 'int8' | 'fp32';
  /**
   * Never gives a frame up because the machine is slow: for smoke forms, whose results must not
   * depend on who else works here. Figures of a patient target mean nothing.
   */
  readonly isPatient: boolean;
}

/** A way to start a target. */
export interface TargetKind {
  readonly name: string;
  /** One sentence for the report: what it is and what it stands for. */
  readonly description: string;
  /**
   * Why it cannot run here, with the command that would change that; null where it can. Called
   * before `start`; may be slow the first time (a virtual environment).
   */
  whyUnavailable(): Promise<string | null>;
  /**
   * Starts it and resolves when it accepts connections and its network is warm.
   *
   * @throws EcholineError in words when it does not come up; nothing is left running
   */
  start(options: TargetOptions, stop: AbortSignal): Promise<Target>;
}
