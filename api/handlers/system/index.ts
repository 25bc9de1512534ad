import type { Handlers } from '../../handler.ts';
import { systemPing, systemPingHead } from './ping.ts';

/** The operations of the tag System. */
export const handlers: Handlers = {
  SystemPing: systemPing,
  SystemPingHead: systemPingHead,
};
