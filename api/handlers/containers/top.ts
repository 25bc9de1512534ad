import { json, type Handler } from '../../handler.ts';

/** The processes of a container as ps shows them. 404 no such container, 409 not running, 500 what ps complains about. */
export const containerTop: Handler<'ContainerTop'> = async ({ engine, params, query, signal }) => {
  const { titles, processes } = await engine.processes.list(params.id, query.ps_args ?? '', signal);
  return json({ Processes: processes.length > 0 ? processes : null, Titles: titles });
};
