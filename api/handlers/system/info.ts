import { json, type Handler } from '../../handler.ts';
import { infoOf } from '../../wire/info.ts';

/** Describes the engine and its machine. */
export const systemInfo: Handler<'SystemInfo'> = async ({ engine, version }) =>
  json(await infoOf(engine.system, version));
