/** Public entry `echoline/protocol`: the wire, for Node and for the browser. */
export * from './clock-sync.js';
export * from './close-codes.js';
export * from './control-codec.js';
export * from './control-messages.js';
export * from './error-words.js';
export * from './frame-message.js';
export * from './limits.js';
export * from './overlay-message.js';
export * from './procedure-commands.js';
export * from './procedure-messages.js';
export * from './procedure-protocol.js';
export * from './version.js';
