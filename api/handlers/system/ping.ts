import { text, empty, type Handler } from '../../handler.ts';

const headers = {
  'Builder-Version': '2',
  Swarm: 'inactive',
  'Cache-Control': 'no-cache, no-store, must-revalidate',
  Pragma: 'no-cache',
};

/** Answers `OK` with the headers clients negotiate by. */
export const systemPing: Handler<'SystemPing'> = () => text('OK', headers);

/** The same without a body. */
export const systemPingHead: Handler<'SystemPingHead'> = () =>
  empty(200, { 'Content-Type': 'text/plain; charset=utf-8', ...headers });
