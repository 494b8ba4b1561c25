import * as pulumi from "@pulumi/pulumi";
import { type ConfigSource, configuredTenantId } from "./config";
import type { ProcessMindError } from "./errors";

/** What resources and functions share in the user's program. */

/** Stack configuration, by whole keys: `pulumi.Config` would put its own name before them. */
export const programConfig: ConfigSource = { get: (key) => pulumi.runtime.getConfig(key) };

/** The tenant of a resource or function: its own argument, else the configured one. */
export function tenantIn<T>(args: { tenantId?: T }): T | string | undefined {
  return args.tenantId ?? configuredTenantId(programConfig);
}

/**
 * Makes Pulumi print an error as it prints its own RunError: the sentence, without stack and fields. Where in this
 * package it arose tells a user nothing.
 */
export function printedAlone(error: ProcessMindError): ProcessMindError {
  return Object.defineProperties(error, { __pulumiRunError: { value: true }, stack: { value: String(error) } });
}

/** The arguments of a function, each of which may be an output of a resource. */
export type InputsOf<T> = { [K in keyof T]: pulumi.Input<T[K]> };

/** Tenant and time limit of a lookup. */
export interface LookupOptions {
  /**
   * The ProcessMind tenant.
   *
   * @defaultValue stack config `processmind:tenantId`, else the environment variable `PROCESSMIND_TENANT_ID`
   */
  tenantId?: string;
  /**
   * Time limit of each request with its retries, in seconds: above 0, at most 86,400.
   *
   * @defaultValue stack config `processmind:timeoutSeconds`, else 120
   */
  timeoutSeconds?: number;
}
