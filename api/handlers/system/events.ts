import { invalidArgument } from '../../../src/errors.ts';
import { followEvents } from '../../../src/events/follow.ts';
import { parseFilters } from '../../filters.ts';
import { stream, type Handler } from '../../handler.ts';
import { parseTimestamp } from '../../timestamp.ts';
import { eventJson } from '../../wire/event.ts';

/** Streams events, past ones first. 400 for filters that are none and an end before the beginning, 500 for what is no time. */
export const systemEvents: Handler<'SystemEvents'> = ({ engine, query, search, signal }) => {
  const since = parseTimestamp(search.get('since'));
  const until = parseTimestamp(search.get('until'));
  if (since !== undefined && until !== undefined && until < since)
    throw invalidArgument(
      `\`since\` time (${search.get('since')}) cannot be after \`until\` time (${search.get('until')})`,
    );
  const filters = parseFilters(query.filters);
  return stream('application/json', async (out) => {
    for await (const event of followEvents(engine.events, { since, until, filters, signal }))
      await out.write(`${eventJson(event)}\n`);
  });
};
