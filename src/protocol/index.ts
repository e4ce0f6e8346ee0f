/** Public entry `echoline/protocol`: the wire, for Node and for the browser. */
export * from './control-messages.js';
export * from './frame-message.js';
export * from './limits.js';
export * from './version.js';
