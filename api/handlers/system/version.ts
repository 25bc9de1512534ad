import { json, type Handler } from '../../handler.ts';
import { versionOf } from '../../wire/version.ts';

/** Describes the engine's version. */
export const systemVersion: Handler<'SystemVersion'> = ({ engine }) =>
  json(versionOf(engine.system.host, engine.config.experimental));
