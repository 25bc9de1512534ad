import type { EngineEvent } from './bus.ts';

/** Filter name to its values, any of which will do. */
export type EventFilters = Readonly<Record<string, readonly string[]>>;

/** These actions go on after a colon (`exec_create: sh -c ls`) and are then matched by their beginning. */
const openEnded = ['health_status', 'exec_create', 'exec_start'];

/** Filters that take an id or name, or the beginning of one. */
const objects = ['daemon', 'container', 'plugin', 'volume', 'network', 'node', 'service', 'secret', 'config'];

/**
 * Whether an event passes the filters of `GET /events`. All must pass; unknown ones do not count.
 * Source: asked of Docker Engine 28.5.2.
 */
export function matchesEvent(event: EngineEvent, filters: EventFilters): boolean {
  return (
    matchesAction(event.action, filters['event']) &&
    exact(filters['type'], event.type) &&
    exact(filters['scope'], event.scope) &&
    objects.every((object) => beginning(filters[object], event)) &&
    matchesImage(event, filters['image']) &&
    matchesLabels(event.actor.attributes, filters['label'])
  );
}

function exact(wanted: readonly string[] | undefined, value: string): boolean {
  return !wanted?.length || wanted.includes(value);
}

function matchesAction(action: string, wanted: readonly string[] | undefined): boolean {
  if (!wanted?.some((value) => openEnded.includes(value))) return exact(wanted, action);
  return wanted.some((value) => action.startsWith(value));
}

function beginning(wanted: readonly string[] | undefined, { actor }: EngineEvent): boolean {
  if (!wanted?.length) return true;
  return wanted.some(
    (value) => actor.id.startsWith(value) || (actor.attributes['name'] ?? '').startsWith(value),
  );
}

/** By id or name, with or without its tag; a container's events carry the image they stand on. */
function matchesImage({ type, actor }: EngineEvent, wanted: readonly string[] | undefined): boolean {
  if (!wanted?.length) return true;
  const name = actor.attributes[type === 'image' ? 'name' : 'image'] ?? '';
  return [actor.id, name, withoutTag(actor.id), withoutTag(name)].some((value) => wanted.includes(value));
}

function withoutTag(name: string): string {
  return name.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
}

/** Labels are among the attributes; all that are asked for must be there, `key` or `key=value`. */
function matchesLabels(
  attributes: Readonly<Record<string, string>>,
  wanted: readonly string[] | undefined,
): boolean {
  return (wanted ?? []).every((label) => {
    const at = label.indexOf('=');
    if (at < 0) return Object.hasOwn(attributes, label);
    return attributes[label.slice(0, at)] === label.slice(at + 1);
  });
}
