import { isIPv4 } from 'node:net';
import { internal, invalidArgument, unimplemented } from '../errors.ts';

/** What a bridge network's driver options come to. Unknown ones are kept and mean nothing, as with dockerd. */
export interface BridgeOptions {
  /** '' for one made from the network's id. */
  name: string;
  /** 0 for the default. */
  mtu: number;
  icc: boolean;
  masquerade: boolean;
  /** Where ports are published that name no address; '' for the daemon's default. */
  hostBinding: string;
  /** The bridge gets no address: something else is the gateway. */
  inhibitAddress: boolean;
  /** Begins the names of interfaces inside containers. */
  interfacePrefix: string;
}

const bridge = 'com.docker.network.bridge';
const prefixKey = 'com.docker.network.container_iface_prefix';

/**
 * Parses the options of a bridge network.
 * @throws invalid-argument and internal in dockerd's words; unimplemented for what would have no effect here
 */
export function parseBridgeOptions(options: Readonly<Record<string, string>>): BridgeOptions {
  const flag = (key: string, otherwise: boolean): boolean => {
    const value = options[key];
    if (value === undefined) return otherwise;
    if (/^(?:1|t|T|TRUE|true|True)$/.test(value)) return true;
    if (/^(?:0|f|F|FALSE|false|False)$/.test(value)) return false;
    throw badValue(key, value, `strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`);
  };
  refuseUnbuilt(options);
  const name = options[`${bridge}.name`] ?? '';
  if (Buffer.byteLength(name) > 15) throw internal('numerical result out of range');
  if (/[\s/:"\\]/.test(name) || name === '.' || name === '..') throw internal('invalid argument');
  const hostBinding = options[`${bridge}.host_binding_ipv4`] ?? '';
  if (hostBinding !== '' && !isIPv4(hostBinding))
    throw badValue(`${bridge}.host_binding_ipv4`, hostBinding, 'nil ip');
  const interfacePrefix = options[prefixKey] ?? '';
  if (!/^[A-Za-z0-9_-]{0,10}$/.test(interfacePrefix))
    throw invalidArgument(`invalid interface prefix ${interfacePrefix}`);
  return {
    name,
    mtu: mtuOf(options['com.docker.network.driver.mtu']),
    icc: flag(`${bridge}.enable_icc`, true),
    masquerade: flag(`${bridge}.enable_ip_masquerade`, true),
    hostBinding,
    inhibitAddress: flag(`${bridge}.inhibit_ipv4`, false),
    interfacePrefix,
  };
}

function mtuOf(value: string | undefined): number {
  if (value === undefined) return 0;
  if (!/^[+-]?\d+$/.test(value))
    throw badValue(
      'com.docker.network.driver.mtu',
      value,
      `strconv.Atoi: parsing ${JSON.stringify(value)}: invalid syntax`,
    );
  const mtu = Number(value);
  if (mtu < 0) throw invalidArgument(`invalid MTU number: ${value}`);
  // What the kernel takes of a bridge with IPv4.
  if (mtu > 65535 || (mtu > 0 && mtu < 68)) throw internal('invalid argument');
  return mtu;
}

function refuseUnbuilt(options: Readonly<Record<string, string>>): void {
  const modes = ['nat', 'nat-unprotected', 'routed', 'isolated'];
  for (const key of [`${bridge}.gateway_mode_ipv4`, `${bridge}.gateway_mode_ipv6`]) {
    const mode = options[key] ?? '';
    if (mode === '' || mode === 'nat') continue;
    if (!modes.includes(mode)) throw badValue(key, mode, `unknown gateway mode ${mode}`);
    throw unimplemented(`gateway mode ${mode} of bridge networks is not implemented by this engine yet`);
  }
  if (options[`${bridge}.trusted_host_interfaces`])
    throw unimplemented('trusted host interfaces of bridge networks are not implemented by this engine yet');
}

function badValue(key: string, value: string, why: string): Error {
  return invalidArgument(`failed to parse ${key} value: ${value} (${why})`);
}
