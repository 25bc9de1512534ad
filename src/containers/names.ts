import { randomInt } from 'node:crypto';
import { invalidArgument } from '../errors.ts';

/** Adjectives of weather, light and water; ours. */
const adjectives = (
  'amber ample azure balmy bold brave breezy bright brisk broad calm candid clear cool coral crisp daring deep dewy ' +
  'eager early easy ebbing even fair fleet fond fresh gentle glad gleaming golden grand green hardy hazy hearty honest ' +
  'humble ivory jaunty keen kind lasting level light lively lofty loyal lucid lunar mellow merry mild misty modest neat ' +
  'noble open pale patient placid plain polar prompt proud quick quiet rapid ready restful ripe roomy rosy rugged salty ' +
  'sandy serene sharp shiny silent silver sleek slow smooth snug sober solid spry stable starry steady still stout ' +
  'sturdy sunny swift tidal tidy tranquil true trusty vivid warm wide wily windy wise witty'
).split(' ');

/** Nouns of harbours, ships and shores; ours. */
const nouns = (
  'albatross anchor atoll ballast bay beacon bight bollard boom bosun bow breaker breakwater brig buoy cable canal cape ' +
  'capstan channel clipper coast cod compass cove crane current cutter cuttlefish davit delta dinghy dock dolphin eddy ' +
  'estuary fathom fender ferry fjord flotilla foghorn frigate galley gannet gull gunwale halyard harbour hatch haven ' +
  'headland heron herring hull inlet islet jetty jib kayak keel kelp ketch kittiwake knot lagoon lantern launch lighthouse ' +
  'limpet lobster lock lugger mainsail mariner marlin mast mooring mussel narwhal oar otter outrigger oyster packet ' +
  'paddle pelican petrel pier pilot plover pontoon porpoise porthole quay raft reef rigging rope rudder sail schooner ' +
  'seal sextant shoal shore shrimp skiff skipper sloop sound spar spray starfish stern strait swell tern tide tiller ' +
  'trawler tug turbot turtle urchin vessel voyage wake walrus wave wharf whelk winch yawl'
).split(' ');

const pattern = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;

/**
 * Checks a name a user gave and takes off its leading slash.
 * @throws invalid-argument with the text of the reference
 */
export function parseContainerName(given: string): string {
  const name = given.startsWith('/') ? given.slice(1) : given;
  if (!pattern.test(name))
    throw invalidArgument(`Invalid container name (${given}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`);
  return name;
}

/** A free name of the form adjective_noun, with a number once names run out. */
export function generateName(taken: (name: string) => boolean): string {
  for (let attempt = 0; ; attempt++) {
    const pair = `${adjectives[randomInt(adjectives.length)]}_${nouns[randomInt(nouns.length)]}`;
    const name = attempt < 8 ? pair : `${pair}${randomInt(10 ** Math.min(attempt - 7, 9))}`;
    if (!taken(name)) return name;
  }
}
