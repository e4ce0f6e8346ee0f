import { userInfo } from 'node:os';

/** Where the page can be seen, and how to get there from another machine. */
export interface DemoAddresses {
  readonly serviceUrl: string;
  readonly streamId: string;
  /**
   * Origin of a forwarded port, e.g. `http://localhost:9000`; null when the page is used directly.
   */
  readonly origin: string | null;
}

/** Address of the display page for the demo's stream. */
export function pageAddress({ serviceUrl, streamId, origin }: DemoAddresses): string {
  return `${origin ?? serviceUrl}/?stream=${encodeURIComponent(streamId)}`;
}

/**
 * The command that forwards the port to the machine where the browser runs; null when this is not
 * an SSH session. `SSH_CONNECTION` is "client-address client-port server-address server-port".
 */
export function forwardingCommand(
  serviceUrl: string,
  env: Readonly<Record<string, string | undefined>>,
): string | null {
  const connection = env.SSH_CONNECTION;
  if (connection === undefined || connection === '') return null;
  const [, , serverAddress, serverPort] = connection.split(' ');
  const port = new URL(serviceUrl).port;
  const sshPort = serverPort === undefined || serverPort === '22' ? '' : `-p ${serverPort} `;
  const destination = `${userInfo().username}@${serverAddress ?? 'HOST'}`;
  return `ssh ${sshPort}-N -L ${port}:127.0.0.1:${port} ${destination}`;
}

/** What a newcomer does next: their own clip, their own cart. */
export function nextSteps({ serviceUrl, streamId }: DemoAddresses): readonly string[] {
  const socketUrl = serviceUrl.replace(/^http/, 'ws');
  return [
    'Your own clip (MP4, DICOM, PNG or JPEG folder, PLUS .igs.mha, Echoline recording):',
    '  npm run demo -- --clip PATH',
    'Your own cart, while this demo or `npx echoline serve` runs (Python needs websockets):',
    `  python3 examples/cart/cart.py --url ${socketUrl}/v1/streams/${streamId}-2/frames`,
    `  npx echoline replay PATH --to ${socketUrl}/v1/streams/${streamId}-2/frames`,
  ];
}
