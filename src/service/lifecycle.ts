/** Which part of its life the server is in. It never goes back. */
type Phase = 'starting' | 'serving' | 'stopping';

export interface Lifecycle {
  phase(): Phase;
  serving(): void;
  stopping(): void;
}

export function createLifecycle(): Lifecycle {
  let phase: Phase = 'starting';
  return {
    phase: () => phase,
    serving: () => {
      if (phase === 'starting') phase = 'serving';
    },
    stopping: () => {
      phase = 'stopping';
    },
  };
}
