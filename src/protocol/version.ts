/** Version of the wire protocol. A major breaks; a minor only adds what a reader may skip. */
export const PROTOCOL_MAJOR = 1;
export const PROTOCOL_MINOR = 0;

/** WebSocket subprotocol of major 1 with JSON overlays. */
export const SUBPROTOCOL_JSON = 'echoline.v1';

/** Said in every welcome, on every page and in every overlay's neighbourhood. */
export const NOTICE =
  'Echoline is research software. Not a medical device. Do not use it for patient care.';
