/** What the supervisor wrote about the last crash. */
import * as z from 'zod';
import type { Place } from './place.ts';
import { line, parseJson, readIfThere } from './state-file.ts';

const crashSchema = z.object({
  at: line,
  message: line,
  pid: z.number().nullable(),
  code: z.number().nullable(),
  signal: line.nullable(),
  lasted_s: z.number(),
  /** Deaths in a row, each within seconds of its start. */
  quick_deaths: z.number(),
  /** Whether the supervisor has stopped trying. */
  gave_up: z.boolean(),
});

export type Crash = z.infer<typeof crashSchema>;

export function readCrash(place: Place): Crash | undefined {
  return crashSchema.safeParse(parseJson(readIfThere(place.crashFile) ?? '')).data;
}
