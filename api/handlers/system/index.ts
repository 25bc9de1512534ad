import type { Handlers } from '../../handler.ts';

/** The operations of the tag System. */
export const handlers: Handlers = {};
