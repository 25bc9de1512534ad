import type { Handlers } from '../../handler.ts';
import { systemAuth } from './auth.ts';
import { systemEvents } from './events.ts';
import { systemInfo } from './info.ts';
import { systemPing, systemPingHead } from './ping.ts';
import { systemVersion } from './version.ts';

/** The operations of the tag System. */
export const handlers: Handlers = {
  SystemAuth: systemAuth,
  SystemEvents: systemEvents,
  SystemInfo: systemInfo,
  SystemPing: systemPing,
  SystemPingHead: systemPingHead,
  SystemVersion: systemVersion,
};
