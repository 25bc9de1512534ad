import type { IpamConfig } from './ipam/config.ts';

/** What a client asks of a new network, with the API's names. */
export interface NetworkRequest {
  Name?: string;
  Driver?: string;
  Scope?: string;
  Internal?: boolean;
  Attachable?: boolean;
  Ingress?: boolean;
  ConfigOnly?: boolean;
  ConfigFrom?: { Network?: string } | undefined;
  IPAM?: {
    Driver?: string;
    Config?: readonly IpamConfig[] | null;
    Options?: Record<string, string> | null;
  };
  EnableIPv4?: boolean | null;
  EnableIPv6?: boolean | null;
  Options?: Record<string, string> | null;
  Labels?: Record<string, string> | null;
}
