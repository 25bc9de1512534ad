/** The daemon's settings this service takes; `NetworkConfig` of src/config fits. */
export interface NetworkOptions {
  readonly bridge: string;
  readonly bip: string;
  readonly fixedCidr: string;
  readonly defaultGateway: string;
  readonly mtu: number;
  readonly defaultBindingIp: string;
  readonly icc: boolean;
  readonly ipForward: boolean;
  readonly ipMasq: boolean;
  readonly dns: readonly string[];
  readonly dnsSearch: readonly string[];
  readonly dnsOptions: readonly string[];
  readonly hostGatewayIps: readonly string[];
  readonly addressPools: readonly { readonly base: string; readonly size: number }[];
}
