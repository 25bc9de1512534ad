import { invalidArgument, notFound, unavailable, unimplemented } from '../../../src/errors.ts';
import { created, type Handler } from '../../handler.ts';
import { volumeWire } from '../../wire/volume.ts';

/**
 * Gives the volume of a name, made if there is none, or a new one without a name. 400 bad name, 404 unknown driver; options of the
 * driver are not supported yet.
 */
export const volumeCreate: Handler<'VolumeCreate'> = ({ engine, body }) => {
  const {
    Name: name = '',
    Driver: driver = '',
    DriverOpts: options,
    Labels: labels,
    ClusterVolumeSpec: cluster,
  } = body ?? {};
  if (cluster)
    throw unavailable(
      'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.',
    );
  if (driver !== '' && driver !== 'local')
    throw notFound(`create ${name}: error looking up volume plugin ${driver}: plugin "${driver}" not found`);
  const existing = name === '' ? undefined : engine.volumes.find(name);
  if (existing) return created(volumeWire(existing));
  if (options && Object.keys(options).length > 0)
    throw unimplemented(
      `create ${name}: options of the local volume driver are not implemented by this engine yet`,
    );
  if (Buffer.byteLength(name) === 1)
    throw invalidArgument(
      `create ${name}: volume name is too short, names should be at least two alphanumeric characters`,
    );
  const { volume } = engine.volumes.ensure(name === '' ? undefined : name, labels ?? {});
  engine.events.publish('volume', 'create', volume.name, { driver: 'local' });
  return created(volumeWire(volume));
};
