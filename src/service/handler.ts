/** What a handler is: validated parameters in, the answer without what the service adds itself out. */
import type { MethodName, Params, Result } from '../protocol/methods.ts';
import type { CallContext } from '../protocol/service.ts';

/** `cache_hit` and `route_id` are the service's to say. */
export type Answer<M extends MethodName> = Omit<Result<M>, 'cache_hit' | 'route_id'>;

export type Handler<M extends MethodName> = (
  params: Params<M>,
  context?: CallContext,
) => Answer<M> | Promise<Answer<M>>;

/** A method that is absent answers method-not-found. */
export type Handlers = { readonly [M in MethodName]?: Handler<M> };
