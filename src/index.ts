/**
 * The public API: serve a catalogue from one's own program, or ask it in process.
 *
 *   const app = await createApp(readConfig({ cwd: process.cwd() }));
 *   await app.load();
 *   const { agents } = await app.service.queryAgents({ context: 'the login page is slow' });
 *   await app.stop();
 *
 * `callsheet/client` is the other half: the same `Service` over HTTP.
 */
export { type App, type AppOptions, createApp } from './app.ts';
export { type Config, type ConfigSources, readConfig } from './config.ts';
export type * from './protocol/entities.ts';
export {
  CallsheetError,
  type ErrorData,
  type ErrorName,
  type ErrorRow,
  errors,
  type Nearest,
} from './protocol/errors.ts';
export {
  type Method,
  type MethodName,
  methodNames,
  methods,
  type Params,
  type Result,
} from './protocol/methods.ts';
export type { CallContext, Dispatch, Service } from './protocol/service.ts';
export { ConfigError } from './settings.ts';
