/** Says that whoever sends this request can deliver notifications outside of an answer, as a pipe can. */
export const RELAY_HEADER = 'x-callsheet-relay';
