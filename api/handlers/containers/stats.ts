import { json, type Handler } from '../../handler.ts';
import { statisticsOf } from '../../wire/container-stats.ts';

/**
 * What a container uses, once or each second. 400 a stream of one shot, 404 no such container. One that does not run has
 * empty statistics.
 */
export const containerStats: Handler<'ContainerStats'> = async ({
  engine,
  params,
  query,
  version,
  signal,
}) => {
  const { stream = true } = query;
  const oneShot = version.atLeast(41) && (query['one-shot'] ?? false);
  const container = engine.stats.find(params.id, { stream, oneShot });
  const { memoryBytes } = engine.system.host;
  if (!stream) {
    const statistics = await engine.stats.once(container, { compared: !oneShot, signal });
    // One shot of what runs goes without a name: the reference has it so.
    const named = !oneShot || statistics.reading === undefined;
    return json(statisticsOf(statistics, { memoryBytes, named }));
  }
  return {
    kind: 'stream',
    status: 200,
    headers: {},
    async write(out) {
      for await (const statistics of engine.stats.follow(container, signal))
        await out.write(`${JSON.stringify(statisticsOf(statistics, { memoryBytes, named: true }))}\n`);
    },
  };
};
