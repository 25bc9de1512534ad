import { posix } from 'node:path';
import { invalidArgument } from '../errors.ts';
import type { ImageHealthcheck, ImageRuntimeConfig } from '../oci/image-config.ts';

type Apply = (config: ImageRuntimeConfig, rest: string) => void;

/**
 * Changes an image's defaults by lines of a Dockerfile, as import and commit take them. The config is copied, not changed.
 * Source: Dockerfile reference; which instructions are allowed and the texts: dockerd 28.5.
 * @throws invalid-argument
 */
export function applyChanges(base: ImageRuntimeConfig, changes: readonly string[]): ImageRuntimeConfig {
  const config = structuredClone(base);
  for (const line of changes.flatMap(logicalLines)) {
    const [, name = '', rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(line) ?? [];
    const apply = instructions[name.toLowerCase()];
    if (!apply) throw invalidArgument(`${name.toUpperCase()} is not a valid change command`);
    if (rest === '') throw invalidArgument(`${name.toUpperCase()} requires at least one argument`);
    apply(config, rest.trim());
  }
  return config;
}

const instructions: Readonly<Record<string, Apply>> = {
  cmd: (config, rest) => {
    config.Cmd = command(rest);
  },
  entrypoint: (config, rest) => {
    config.Entrypoint = command(rest);
  },
  env: (config, rest) => {
    for (const [key, value] of pairs('ENV', rest)) {
      const others = (config.Env ?? []).filter((entry) => !entry.startsWith(`${key}=`));
      config.Env = [...others, `${key}=${value}`];
    }
  },
  label: (config, rest) => {
    config.Labels = { ...config.Labels, ...Object.fromEntries(pairs('LABEL', rest)) };
  },
  expose: (config, rest) => {
    for (const word of words(rest))
      for (const port of ports(word)) config.ExposedPorts = { ...config.ExposedPorts, [port]: {} };
  },
  volume: (config, rest) => {
    for (const path of jsonList(rest) ?? words(rest)) {
      if (path.trim() === '') throw invalidArgument('VOLUME specified can not be an empty string');
      config.Volumes = { ...config.Volumes, [path.trim()]: {} };
    }
  },
  workdir: (config, rest) => {
    config.WorkingDir = posix.resolve('/', config.WorkingDir ?? '', unquote(rest));
  },
  user: (config, rest) => {
    config.User = unquote(rest);
  },
  stopsignal: (config, rest) => {
    config.StopSignal = rest;
  },
  onbuild: (config, rest) => {
    const trigger = /^\S+/.exec(rest)?.[0].toUpperCase() ?? '';
    if (trigger === 'ONBUILD') throw invalidArgument("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
    if (trigger === 'MAINTAINER' || trigger === 'FROM')
      throw invalidArgument(`${trigger} isn't allowed as an ONBUILD trigger`);
    config.OnBuild = [...(config.OnBuild ?? []), rest];
  },
  healthcheck: (config, rest) => {
    config.Healthcheck = healthcheck(rest);
  },
};

/** Lines with their continuations joined, without comments and empty ones. */
function logicalLines(text: string): string[] {
  const lines: string[] = [];
  let open = '';
  for (const line of text.split(/\r?\n/)) {
    if (open === '' && (line.trim() === '' || line.trimStart().startsWith('#'))) continue;
    const continued = /\\\s*$/.exec(line);
    open += continued ? line.slice(0, continued.index) : line;
    if (continued) continue;
    lines.push(open.trim());
    open = '';
  }
  if (open.trim() !== '') lines.push(open.trim());
  return lines;
}

/** A JSON list is run as it is; anything else by a shell. */
function command(rest: string): string[] {
  return jsonList(rest) ?? ['/bin/sh', '-c', rest];
}

function jsonList(rest: string): string[] | undefined {
  if (!rest.startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(rest);
    return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `a=b c="d e"`, or the old form `a the rest`. */
function pairs(instruction: string, rest: string): [key: string, value: string][] {
  const parts = rawWords(rest);
  if (!(parts[0] ?? '').includes('=')) {
    const [, key = '', value] = /^(\S+)\s+([\s\S]+)$/.exec(rest) ?? [];
    if (value === undefined) throw invalidArgument(`${instruction} must have two arguments`);
    return [[unquote(key), unquote(value)]];
  }
  return parts.map((part) => {
    const equals = part.indexOf('=');
    if (equals < 0)
      throw invalidArgument(`Syntax error - can't find = in "${part}". Must be of the form: name=value`);
    if (equals === 0) throw invalidArgument(`${instruction} names can not be blank`);
    return [unquote(part.slice(0, equals)), unquote(part.slice(equals + 1))];
  });
}

function words(text: string): string[] {
  return rawWords(text).map(unquote);
}

/** Splits at blanks outside quotes; quotes and backslashes stay. */
function rawWords(text: string): string[] {
  return text.match(/(?:\\[\s\S]|"(?:\\[\s\S]|[^"\\])*"|'[^']*'|[^\s"'\\]|["'\\])+/g) ?? [];
}

/** Takes quotes and backslashes away as a shell would. */
function unquote(text: string): string {
  return text.replace(
    /'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"|\\([\s\S])/g,
    (_, single?: string, double?: string, escaped?: string) =>
      single ?? double?.replace(/\\(["\\$])/g, '$1') ?? escaped ?? '',
  );
}

function ports(word: string): string[] {
  const [, from = '', to = from, protocol = 'tcp'] =
    /^(\d{1,5})(?:-(\d{1,5}))?(?:\/([A-Za-z]+))?$/.exec(word) ?? [];
  const first = Number(from);
  const last = Number(to);
  if (from === '' || first > 65535 || last > 65535) throw invalidArgument(`invalid containerPort: ${word}`);
  if (last < first) throw invalidArgument(`invalid range specified for port: ${word}`);
  if (!['tcp', 'udp', 'sctp'].includes(protocol.toLowerCase()))
    throw invalidArgument(`invalid proto: ${protocol}`);
  return Array.from({ length: last - first + 1 }, (_, index) => `${first + index}/${protocol.toLowerCase()}`);
}

const durationFlags: Readonly<Record<string, 'Interval' | 'Timeout' | 'StartPeriod' | 'StartInterval'>> = {
  interval: 'Interval',
  timeout: 'Timeout',
  'start-period': 'StartPeriod',
  'start-interval': 'StartInterval',
};

function healthcheck(text: string): ImageHealthcheck {
  const check: ImageHealthcheck = {};
  let rest = text;
  for (let flag; (flag = /^--([a-z-]+)=(\S+)\s*/.exec(rest)); rest = rest.slice(flag[0].length)) {
    const [, name = '', value = ''] = flag;
    const field = durationFlags[name];
    if (field) check[field] = duration(name, value);
    else if (name === 'retries' && /^\d+$/.test(value)) check.Retries = Number(value);
    else throw invalidArgument(`unknown flag: ${name}`);
  }
  const [, kind = '', test = ''] = /^(\S+)\s*([\s\S]*)$/.exec(rest) ?? [];
  if (kind.toUpperCase() === 'NONE') {
    if (test !== '') throw invalidArgument('HEALTHCHECK NONE takes no arguments');
    return { Test: ['NONE'] };
  }
  if (kind.toUpperCase() !== 'CMD') throw invalidArgument(`unknown type "${kind}" in HEALTHCHECK (try CMD)`);
  if (test === '') throw invalidArgument('missing command after HEALTHCHECK CMD');
  const list = jsonList(test);
  return { ...check, Test: list ? ['CMD', ...list] : ['CMD-SHELL', test] };
}

const unitsNs: Readonly<Record<string, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** A Go duration in nanoseconds. */
function duration(name: string, text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text)
    throw invalidArgument(`time: invalid duration "${text}"`);
  const total = parts.reduce((sum, [, value, unit = '']) => sum + Number(value) * (unitsNs[unit] ?? 0), 0);
  if (total !== 0 && total < 1e6) throw invalidArgument(`Interval "${name}" cannot be less than 1ms`);
  return Math.round(total);
}
