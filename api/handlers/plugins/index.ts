import { internal, invalidArgument, notFound } from '../../../src/errors.ts';
import { parseFilters } from '../../filters.ts';
import { json, type Handler, type Handlers } from '../../handler.ts';
import { parseInteger } from '../../query.ts';

/** Plugins of this engine: there are none, which is what the operations on single ones answer. */
const pluginList: Handler<'PluginList'> = ({ query }) => {
  for (const [name, values] of Object.entries(parseFilters(query.filters))) {
    if (name !== 'enabled' && name !== 'capability') throw invalidArgument(`invalid filter '${name}'`);
    if (name === 'enabled' && !values.every((value) => value === 'true' || value === 'false'))
      throw invalidArgument(`invalid filter 'enabled=[${values.join(' ')}]'`);
  }
  return json([]);
};

/** The time limit is read first, and wanted. */
const pluginEnable: Handler<'PluginEnable'> = ({ params, search }) => {
  if (parseInteger(search.get('timeout') ?? '') === undefined)
    throw internal('strconv.Atoi: parsing "": invalid syntax');
  return noPlugin({ params });
};

/** An upgrade names the plugin with its tag. */
const pluginUpgrade: Handler<'PluginUpgrade'> = ({ params }) =>
  noPlugin({ params: { name: params.name.includes(':') ? params.name : `${params.name}:latest` } });

function noPlugin({ params }: { readonly params: { readonly name: string } }): never {
  throw notFound(`plugin "${params.name}" not found`);
}

/** The operations of the tag Plugin. Those that would bring a plugin here have no handler yet. */
export const handlers: Handlers = {
  PluginList: pluginList,
  PluginInspect: noPlugin,
  PluginDelete: noPlugin,
  PluginEnable: pluginEnable,
  PluginDisable: noPlugin,
  PluginPush: noPlugin,
  PluginSet: noPlugin,
  PluginUpgrade: pluginUpgrade,
};
