import { json, type Handler } from '../../handler.ts';
import { volumeWire } from '../../wire/volume.ts';

/** Describes a volume. 404 no such volume. */
export const volumeInspect: Handler<'VolumeInspect'> = ({ engine, params }) =>
  json(volumeWire(engine.volumes.get(params.name)));
