import { invalidArgument, unavailable } from '../../../src/errors.ts';
import { created, type Handler } from '../../handler.ts';
import { volumeWire } from '../../wire/volume.ts';

/**
 * Gives the volume of a name, made if there is none, or a new one without a name. 400 bad name or options, 404 unknown driver.
 */
export const volumeCreate: Handler<'VolumeCreate'> = ({ engine, body }) => {
  const {
    Name: name = '',
    Driver: driver,
    DriverOpts: options,
    Labels: labels,
    ClusterVolumeSpec,
  } = body ?? {};
  if (ClusterVolumeSpec)
    throw unavailable(
      'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.',
    );
  if (Buffer.byteLength(name) === 1)
    throw invalidArgument(
      `create ${name}: volume name is too short, names should be at least two alphanumeric characters`,
    );
  const { volume, made } = engine.volumes.ensure(name === '' ? undefined : name, { driver, labels, options });
  if (made) engine.events.publish('volume', 'create', volume.name, { driver: 'local' });
  return created(volumeWire(volume));
};
