/**
 * The client: the same `Service` the server implements, over HTTP, that keeps answering while the server is away.
 *
 *   call → kept answer? → server (breaker, timeout, one more try of what is harmless to repeat) → fallback
 *   cacheDecision → server, else the journal, which is delivered when the server is back
 *
 * Runs in Node, Bun, Deno and browsers. What the server refuses is thrown as `CallsheetError`, never returned.
 */
import type { Dispatch } from '../protocol/service.ts';
import { CallsheetError } from '../protocol/errors.ts';
import { type MethodName, methodNames, methods, type Params, type Result } from '../protocol/methods.ts';
import { type Registry, registrySchema } from '../protocol/registry.ts';
import type { CallContext, Service } from '../protocol/service.ts';
import { parseParams } from '../protocol/validation.ts';
import { type AnswerCache, createAnswerCache } from './answer-cache.ts';
import { type Breaker, createBreaker } from './breaker.ts';
import { locate, type Place } from './discovery.ts';
import { createFallback, type Fallback } from './fallback.ts';
import { createFileJournal, createMemoryJournal, type Decision, type Journal } from './journal.ts';
import { detectPlatform, type Platform } from './platform.ts';
import { Away, callRemote, type RemoteOptions } from './remote.ts';
